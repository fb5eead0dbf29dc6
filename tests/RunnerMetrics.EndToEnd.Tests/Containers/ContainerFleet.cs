using System.Globalization;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Containers;

/// <summary>An exporter and simulated runners in containers on a network of their own.</summary>
internal sealed class ContainerFleet : IAsyncDisposable
{
    private readonly string _id = $"runner-metrics-test-{Guid.NewGuid():N}"[..28];
    private readonly DirectoryInfo _secrets = Directory.CreateTempSubdirectory("runner-metrics-tokens-");
    private readonly List<string> _containers = [];

    public Uri Exporter { get; private set; } = new("http://127.0.0.1");

    public static async Task<ContainerFleet> StartAsync(CancellationToken cancelled)
    {
        var fleet = new ContainerFleet();
        var tokens = Path.Combine(fleet._secrets.FullName, "tokens");
        await File.WriteAllTextAsync(tokens, $"{Guid.NewGuid():N}\n", cancelled);
        await ProcessRun.RunAsync("chmod", ["-R", "a+rX", fleet._secrets.FullName], cancelled);
        await Docker.RunAsync(cancelled, "network", "create", fleet._id);
        await fleet.RunAsync(
            "exporter", Docker.Exporter,
            ["--read-only", "--cap-drop", "ALL", "--memory", "64m", "--publish", "127.0.0.1:0:9091", "--env", "RUNNER_METRICS_TOKEN_FILE=/run/secrets/tokens"],
            ["--offline-after", "15s"], cancelled);
        fleet.Exporter = await Docker.AddressAsync(fleet.NameOf("exporter"), 9091, cancelled);
        await Wait.UntilAsync(() => fleet.IsReadyAsync(cancelled), () => fleet.LogAsync("exporter"), cancelled);
        return fleet;
    }

    public string NameOf(string container) => $"{_id}-{container}";

    public Task StartRunnerAsync(string name, string type, int seed, CancellationToken cancelled, params string[] more) => RunAsync(
        name, Docker.Runner,
        [
            "--env", "RUNNER_MODE=simulated", "--env", $"RUNNER_NAME={name}", "--env", $"RUNNER_TYPE={type}",
            "--env", $"RUNNER_METRICS_COLLECTOR=http://{NameOf("exporter")}:9095", "--env", "RUNNER_METRICS_TOKEN_FILE=/run/secrets/tokens",
            "--env", "RUNNER_METRICS_SPEED=60", "--env", "RUNNER_METRICS_FLUSH=60", "--env", $"RUNNER_METRICS_SEED={seed.ToString(CultureInfo.InvariantCulture)}",
            .. more,
        ],
        [],
        cancelled);

    /// <summary>How many jobs the runner itself says it ran, by how they ended.</summary>
    public async Task<Dictionary<string, int>> RanAsync(string name) => (await LogAsync(name)).Split('\n')
        .Select(line => line.Split(' '))
        // 2026-11-21 10:22:16Z failed (job) in 6 s: test (22)
        .Where(words => words is [_, [.., 'Z'], "success" or "failed" or "cancelled", ..])
        .CountBy(words => words[2]).ToDictionary();

    public Task<string> LogAsync(string name) => Docker.RunAsync(CancellationToken.None, "logs", NameOf(name));

    /// <summary>The sum of a runner's series of one name.</summary>
    public static double Sum(Scraped scrape, string metric, string runner, string more = "") =>
        scrape.SumWhere(series => series.StartsWith(metric + "{", StringComparison.Ordinal) && series.Contains($"runner_name=\"{runner}\"", StringComparison.Ordinal) && series.Contains(more, StringComparison.Ordinal));

    public Task UntilAsync(Func<Scraped, bool> isSo, CancellationToken cancelled) => Scraped.UntilAsync(Exporter, isSo, cancelled);

    /// <summary>SIGKILL while a job runs.</summary>
    /// <returns>How many jobs earlier attempts lost. A kill that also hides the end of the previous job is repeated, five times at most.</returns>
    public async Task<int> KillInMidJobAsync(string name, CancellationToken cancelled)
    {
        var missed = new List<string>();
        while (missed.Count < 5)
        {
            await UntilAsync(scrape => Sum(scrape, "github_runner_busy", name) == 0, cancelled);
            await UntilAsync(scrape => Sum(scrape, "github_runner_busy", name) == 1, cancelled);
            await Docker.RunAsync(cancelled, "kill", "--signal", "KILL", NameOf(name));
            await UntilAsync(scrape => Sum(scrape, "github_runner_status", name) == 0, cancelled);
            var scrape = await Scraped.ReadAsync(Exporter, cancelled);
            var (unresolved, counted, lost) = (Sum(scrape, "github_runner_jobs_unresolved", name), Sum(scrape, "github_runner_jobs_total", name), Lost(scrape, name));
            var ran = (await RanAsync(name)).Values.Sum();
            if (unresolved == 1 && counted - lost == ran)
            {
                return (int)lost;
            }

            // On a busy machine the job may have ended before the signal was there, or the next one have begun.
            missed.Add($"{unresolved} unresolved, {counted} counted, {lost} of them lost, {ran} ended according to the runner's log");
            await Docker.RunAsync(cancelled, "start", NameOf(name));
            await UntilAsync(scrape => Sum(scrape, "github_runner_status", name) == 1, cancelled);
        }

        throw new InvalidOperationException($"{name} was never killed in a job that the exporter knew of, with all before it counted: {string.Join("; ", missed)}.");
    }

    /// <summary>The exporter's counters of a runner are what the runner itself says.</summary>
    public async Task AssertCountedAsync(string name, int lost, CancellationToken cancelled)
    {
        var ran = await RanAsync(name);
        var scrape = await Scraped.ReadAsync(Exporter, cancelled);
        foreach (var status in (string[])["success", "failed", "cancelled"])
        {
            var (did, counted) = (ran.GetValueOrDefault(status), Sum(scrape, "github_runner_jobs_total", name, $"status=\"{status}\""));
            Assert.True(did == counted, $"{name} ran {did} jobs with {status}, and {counted} are counted.");
        }

        Assert.Equal(lost, Lost(scrape, name));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var container in _containers)
        {
            await ProcessRun.RunAsync("docker", ["rm", "--force", "--volumes", container], CancellationToken.None);
        }

        await ProcessRun.RunAsync("docker", ["network", "rm", _id], CancellationToken.None);
        _secrets.Delete(recursive: true);
    }

    private static double Lost(Scraped scrape, string name) => Sum(scrape, "github_runner_jobs_total", name, "status=\"lost\"");

    private async Task RunAsync(string name, string image, string[] options, string[] arguments, CancellationToken cancelled)
    {
        _containers.Add(NameOf(name));
        await Docker.RunAsync(
            cancelled,
            ["run", "--detach", "--name", NameOf(name), "--network", _id, "--volume", $"{_secrets.FullName}:/run/secrets:ro", .. options, image, .. arguments]);
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancelled)
    {
        using var client = new PatientHttpClient();
        try
        {
            using var answer = await client.GetAsync(new Uri(Exporter, "/ready"), cancelled);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
