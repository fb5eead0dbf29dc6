using RunnerMetrics.Domain.Fleet;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>Asks when GitHub stops to serve the versions of the runner that are in use.</summary>
internal sealed class VersionDeadlines(GitHubClient client, GitHubScopes scopes, FleetState fleet, GitHubMetrics metrics, TimeProvider time) : IGitHubFeature
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromHours(6);

    private readonly Dictionary<string, (DateTimeOffset AskedAt, DateTimeOffset? EndsAt)> _versions = new(StringComparer.Ordinal);

    public string Name => "versions";

    public TimeSpan Every => TimeSpan.FromMinutes(5);

    public async Task<GitHubFailure?> RunAsync(CancellationToken stop)
    {
        var used = fleet.VersionsInUse().ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _versions.Keys.Where(version => !used.Contains(version)).ToArray())
        {
            _versions.Remove(gone);
        }

        var now = time.GetUtcNow();
        var due = used.Where(version => !_versions.TryGetValue(version, out var known) || now - known.AskedAt >= AskAgainAfter).Order(StringComparer.Ordinal).ToArray();
        var problem = due.Length == 0 ? null : await AskAsync(due, now, stop);
        metrics.ShowDeprecations(_versions.Where(version => version.Value.EndsAt is not null).ToDictionary(version => version.Key, version => version.Value.EndsAt!.Value));
        return problem;
    }

    private async Task<GitHubFailure?> AskAsync(string[] versions, DateTimeOffset now, CancellationToken stop)
    {
        var found = await scopes.FindAsync(stop);
        if (!found.IsGood)
        {
            return found.Failure;
        }

        foreach (var version in versions)
        {
            var answer = await client.GetAsync($"{found.Value[0].Path}/actions/runners/deprecations/{Uri.EscapeDataString(version)}", GitHubJson.Default.DeprecationPart, stop);
            if (answer.Failure is { Kind: not GitHubFailureKind.NotFound } failure)
            {
                return failure;
            }

            // 404: GitHub names no end for it, or (an older Enterprise Server) for none.
            _versions[version] = (now, answer.Value?.RuntimeDeprecatesAt);
        }

        return null;
    }
}
