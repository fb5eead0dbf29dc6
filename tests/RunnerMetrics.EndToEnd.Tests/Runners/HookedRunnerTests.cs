using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RunnerMetrics.Agent;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Runners;

/// <summary>A runner that runs the real hook scripts, the agent beside it, and what the exporter serves of that.</summary>
public sealed partial class HookedRunnerTests : IDisposable
{
    private static readonly string Scripts = Path.Combine(RepositoryFolder.Path, "src/runner-images/hooks");

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Diag => Path.Combine(_folder.Path, "_diag");

    private string Hooks => Path.Combine(_folder.Path, "hooks");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Metrics_OfJobsWithHooksAndCacheReports_AreWhatTheyTold()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "The runner's hooks need bash.");
        Directory.CreateDirectory(Hooks);
        await using var exporter = await StartExporterAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var agent = AgentApplication.RunAsync(Options(exporter.Urls.Last(), once: false), NullLoggerFactory.Instance, TimeProvider.System, stop.Token);
        var did = await SimulateAsync(5);
        var succeeded = did.Count(job => job.Conclusion == JobConclusion.Success);
        Assert.NotEqual(0, succeeded);

        var http = new Uri(exporter.Urls.First());
        var scrape = await Scraped.ReadAsync(http, Cancelled);
        await Wait.UntilAsync(
            async () => (scrape = await Scraped.ReadAsync(http, Cancelled)).Sum("github_runner_jobs_total") == 5 && Directory.GetFiles(Hooks).Length == 0,
            () => $"{string.Join(", ", Directory.GetFiles(Hooks))} {scrape.Text}",
            Cancelled);
        var hits = scrape.SumWhere(series => series.StartsWith("github_runner_cache_requests_total{", StringComparison.Ordinal) && series.Contains("result=\"hit\"", StringComparison.Ordinal));
        Assert.InRange(hits, 20 * succeeded, 200 * succeeded);
        Assert.InRange(scrape.Sum("github_runner_cache_hit_rate"), 0.33, succeeded);

        var exemplars = await ReadExemplarsAsync(http);
        Assert.NotEmpty(exemplars);
        Assert.Subset(did.Select(job => (job.Repository, $"{job.RunId}")).ToHashSet(), exemplars);
        await stop.CancelAsync();
        Assert.Equal(0, await agent);
        await exporter.StopAsync(Cancelled);
    }

    // Whoever deletes a worker's log takes the job's repository and run with it; its hooks told them too.
    [Fact]
    public async Task Metrics_WorkerLogLost_NameWhatTheHooksTold()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "The runner's hooks need bash.");
        Directory.CreateDirectory(Hooks);
        var did = Assert.Single(await SimulateAsync(1));
        foreach (var log in Directory.GetFiles(Diag, "Worker_*"))
        {
            File.Delete(log);
        }

        await using var exporter = await StartExporterAsync();
        await Deliver.AllAsync(() => AgentApplication.RunAsync(Options(exporter.Urls.Last(), once: true), NullLoggerFactory.Instance, TimeProvider.System, Cancelled));
        var http = new Uri(exporter.Urls.First());
        Assert.Equal(1, (await Scraped.ReadAsync(http, Cancelled)).Sum("github_runner_jobs_total"));
        Assert.Equal([(did.Repository, $"{did.RunId}")], await ReadExemplarsAsync(http));
        Assert.Empty(Directory.GetFiles(Hooks));
        await exporter.StopAsync(Cancelled);
    }

    // The agent may have left the job's span in time, or not: its steps are in the run's trace in any case.
    [Fact]
    public async Task Steps_HookGivesATraceParent_AreInTheTraceOfTheirRun()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "The runner's hooks need bash.");
        Directory.CreateDirectory(Hooks);
        await using var exporter = await StartExporterAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var agent = AgentApplication.RunAsync(Options(exporter.Urls.Last(), once: false), NullLoggerFactory.Instance, TimeProvider.System, stop.Token);
        List<(long Run, string? TraceParent)> steps = [];
        var did = await SimulateAsync(5, (run, variables) => steps.Add((run, variables.GetValueOrDefault("TRACEPARENT"))));
        var http = new Uri(exporter.Urls.First());
        await Wait.UntilAsync(
            async () => (await Scraped.ReadAsync(http, Cancelled)).Sum("github_runner_jobs_total") == 5 && Directory.GetFiles(Hooks).Length == 0, "all jobs arrive, and nothing is left in the hook folder");
        await stop.CancelAsync();
        Assert.Equal(0, await agent);
        await exporter.StopAsync(Cancelled);

        Assert.NotEmpty(steps);
        foreach (var (run, traceParent) in steps)
        {
            var job = did.First(ended => ended.RunId == run);
            string[] parents = [TraceIds.RunSpanOf(run, job.RunAttempt), .. did.Where(ended => ended.RunId == run && ended.CheckRunId is not null).Select(ended => TraceIds.JobSpanOf(ended.CheckRunId!.Value))];
            Assert.Contains(traceParent, parents.Select(parent => $"00-{TraceIds.TraceOf(run, job.RunAttempt)}-{parent}-01"));
        }
    }

    private static async Task<WebApplication> StartExporterAsync()
    {
        var exporter = ExporterApplication.Build(new ExporterOptions { HttpPort = 0, GrpcPort = 0 }, TimeProvider.System, builder => builder.Logging.ClearProviders());
        await exporter.StartAsync(Cancelled);
        return exporter;
    }

    // github_runner_job_duration_seconds_bucket{…,le="10"} 3 # {repository="acme/shop",run_id="1001",check_run_id="9"} 4.0 1795220563
    [GeneratedRegex("^github_runner_job_duration_seconds_bucket.* # \\{repository=\"([^\"]+)\",run_id=\"([0-9]+)\"", RegexOptions.Multiline)]
    private static partial Regex Exemplar();

    private static async Task<HashSet<(string Repository, string Run)>> ReadExemplarsAsync(Uri exporter)
    {
        using var client = new PatientHttpClient();
        client.DefaultRequestHeaders.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/openmetrics-text; version=1.0.0"));
        return [.. Exemplar().Matches(await client.GetStringAsync(new Uri(exporter, "/metrics"), Cancelled)).Select(match => (match.Groups[1].Value, match.Groups[2].Value))];
    }

    private async Task<List<SimulatedJob>> SimulateAsync(int jobs, Action<long, IReadOnlyDictionary<string, string>>? onStepVariables = null)
    {
        var did = new List<SimulatedJob>();
        var options = new SimulatorOptions
        {
            DiagDirectory = Diag,
            RunnerName = "sim",
            Seed = 1,
            Speed = 1000,
            Jobs = jobs,
            StartedHook = Path.Combine(Scripts, "job-started.sh"),
            CompletedHook = Path.Combine(Scripts, "job-completed.sh"),
            HookFolder = Hooks,
            HookEnvironment = onStepVariables is null ? new() : new() { ["RUNNER_METRICS_HOOK_TRACEPARENT"] = "true" },
            OnStepVariables = onStepVariables,
        };
        await new SimulatedRunner(options, TimeProvider.System) { OnJobFinished = did.Add }.RunAsync(Cancelled);
        return did;
    }

    private AgentOptions Options(string collector, bool once) => new()
    {
        Diag = Diag,
        Spool = Path.Combine(_folder.Path, "spool"),
        Hooks = Hooks,
        RunnerName = "sim",
        RunnerType = "standard",
        Collector = new Uri(collector),
        Once = once,
        FlushTimeout = Patience.Limit,
    };
}
