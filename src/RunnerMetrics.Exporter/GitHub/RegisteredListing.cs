using RunnerMetrics.Domain.Fleet;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>Lists the runners that are registered, once a minute, and lays them beside what agents say.</summary>
internal sealed class RegisteredListing(GitHubClient client, GitHubScopes scopes, FleetState fleet, TimeProvider time) : IGitHubFeature
{
    /// <summary>For how long what was listed is believed: after that nobody knows any more what is registered.</summary>
    private static readonly TimeSpan BelievedFor = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, DateTimeOffset> _listedAt = new(StringComparer.Ordinal);

    public string Name => "runners";

    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<GitHubFailure?> RunAsync(CancellationToken stop)
    {
        var found = await scopes.FindAsync(stop);
        GitHubFailure? problem = found.Failure;
        foreach (var scope in found.Value ?? [])
        {
            problem = await ListAsync(scope, stop) ?? problem;
        }

        foreach (var old in _listedAt.Where(listed => time.GetUtcNow() - listed.Value > BelievedFor).Select(listed => listed.Key).ToArray())
        {
            fleet.ForgetRegistered(old);
            _listedAt.Remove(old);
        }

        return problem;
    }

    private async Task<GitHubFailure?> ListAsync(GitHubScope scope, CancellationToken stop)
    {
        List<RegisteredRunner> runners = [];
        var failure = await client.GetPagesAsync($"{scope.Path}/actions/runners?per_page=100", GitHubJson.Default.RunnersPart, Read, page =>
        {
            runners.AddRange(page);
            return true;
        }, stop);
        if (failure is null)
        {
            // A runner that is registered or deregistered meanwhile moves the others from page to page.
            var now = time.GetUtcNow();
            fleet.ShowRegistered(scope.Name, [.. runners.DistinctBy(runner => runner.Id)], now);
            _listedAt[scope.Name] = now;
        }

        return failure;
    }

    // Most runners have the labels and the version of others: of a page each such text is kept once.
    private static RegisteredRunner[] Read(RunnersPart page)
    {
        Dictionary<string, string> texts = new(StringComparer.Ordinal);
        return
        [
            .. (page.Runners ?? []).OfType<RunnerPart>().Where(runner => runner.Name is { Length: > 0 }).Select(runner => new RegisteredRunner(
                runner.Id, runner.Name!, runner.Status == "online", runner.Busy, Once(runner.Version ?? ""), [.. (runner.Labels ?? []).Select(label => label?.Name).OfType<string>().Select(Once)])),
        ];

        string Once(string text) => texts.TryAdd(text, text) ? text : texts[text];
    }
}
