using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Agent.Hooks;
using RunnerMetrics.Agent.Tests.Diagnostics;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Hooks;

/// <summary>What real hook scripts tell, beside what real logs tell.</summary>
public sealed class JobEnrichmentTests : IDisposable
{
    private const string Runner = Scenario.RunnerName;
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 22, 43, TimeSpan.Zero);
    private static readonly JobVerdict Good = new(JobConclusion.Success, null);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(Start + TimeSpan.FromMinutes(1));
    private readonly MemoryLogger _log = new();

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Enrich_LogsSayNothing_TheHookSays()
    {
        await HookAsync(Start + TimeSpan.FromSeconds(1));
        Assert.Equal(
            Facts() with { ServerUrl = "https://github.com", Repository = "acme/shop", Workflow = "CI", RunId = 1001, RunAttempt = 1 },
            Enrich(Ended(Facts(), 4)).Job);
    }

    [Theory]
    [InlineData("ok")]
    [InlineData("fail")]
    public async Task Enrich_LogsSayIt_NothingChanges(string scenario)
    {
        var ended = Assert.Single(Scenario.Load(scenario).Read().OfType<JobEnded>());
        await HookAsync(ended.Job.StartedAt, new() { ["GITHUB_WORKFLOW"] = "another", ["GITHUB_RUN_ID"] = "7" });
        Assert.Equal(ended, Enrich(ended));
    }

    [Fact]
    public async Task Enrich_LogsSayPart_TheHookAddsTheRest()
    {
        await HookAsync(Start);
        Assert.Equal(("acme/shop", "masked by nobody", 1001), Workflow(Enrich(Ended(Facts() with { RunId = 1001, Workflow = "masked by nobody" }, 4)).Job));
    }

    [Theory]
    [InlineData("RUNNER_NAME", "another-runner", 1)]
    [InlineData("GITHUB_RUN_ID", "7", 1)]
    [InlineData("", "", -1)]
    [InlineData("", "", 5)]
    public async Task Enrich_AnotherJobsHook_AddsNothing(string variable, string value, int second)
    {
        await HookAsync(Start + TimeSpan.FromSeconds(second), new() { [variable.Length > 0 ? variable : "OTHER"] = value });
        var ended = Ended(Facts() with { RunId = 1001 }, 4);
        Assert.Equal(ended, Enrich(ended));
    }

    [Fact]
    public async Task Enrich_HooksOfTwoJobsInOnesTime_AddsNothing()
    {
        await HookAsync(Start);
        await HookAsync(Start, new() { ["GITHUB_RUN_ID"] = "7" });
        Assert.Equal(Ended(Facts(), 4), Enrich(Ended(Facts(), 4)));
    }

    // A job whose set-up fails runs no hook: what comes next is the next job's.
    [Fact]
    public async Task Enrich_BeginningWithoutARun_AddsNothing()
    {
        await HookAsync(Start + TimeSpan.FromSeconds(20));
        var began = new JobBegan(Facts(), null);
        Assert.Equal(began, Enricher().Enrich(began));
    }

    [Fact]
    public async Task Enrich_BeginningWithItsRun_IsToldApartFromLaterJobs()
    {
        await HookAsync(Start + TimeSpan.FromSeconds(1));
        await HookAsync(Start + TimeSpan.FromSeconds(20), new() { ["GITHUB_RUN_ID"] = "1002" });
        var began = (JobBegan)Enricher().Enrich(new JobBegan(Facts() with { RunId = 1001 }, null));
        Assert.Equal(("acme/shop", "CI", 1001), Workflow(began.Job));
    }

    [Fact]
    public async Task Settled_JobEnded_RemovesItsFilesAndLeavesTheNextOnes()
    {
        await HookAsync(Start);
        await HookAsync(Start + TimeSpan.FromSeconds(4));
        await HookAsync(Start + TimeSpan.FromSeconds(9));
        await HookAsync(Start, new() { ["RUNNER_NAME"] = "another-runner" });
        var enricher = Enricher();
        enricher.Settled(Ended(Facts(), 4));
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
        Assert.Equal(2, enricher.Count);
    }

    [Fact]
    public async Task Refresh_OldFiles_AreRemoved()
    {
        await HookAsync(Start, new() { ["RUNNER_NAME"] = "another-runner" });
        await HookAsync(Start);
        _time.Advance(TimeSpan.FromDays(8));
        Assert.Equal(0, Enricher().Count);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Refresh_HostileFile_IsRemovedAndNamedOnce()
    {
        File.WriteAllText(_folder.File("x.hook"), "runner-metrics-hook 1\nGITHUB_REPOSITORY=evil/evil\nSECRET=1\nend\n");
        Assert.Equal(0, Enricher().Count);
        Assert.Empty(Directory.GetFiles(_folder.Path));
        Assert.DoesNotContain("evil", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refresh_TimeFarAhead_IsRefused()
    {
        await HookAsync(Start + TimeSpan.FromDays(400));
        Assert.Equal(0, Enricher().Count);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private JobEnrichment Enricher()
    {
        var folder = new HookFolder(_folder.Path, _time, _log);
        var enricher = new JobEnrichment(folder, new HookAnswers(folder, _time), _time);
        enricher.Refresh();
        return enricher;
    }

    private JobEnded Enrich(JobEnded ended) => (JobEnded)Enricher().Enrich(ended);

    private static JobFacts Facts() => new() { RunnerName = Runner, JobKey = "key", JobId = "id", StartedAt = Start };

    private static JobEnded Ended(JobFacts job, int second) => new(job, Good, Start + TimeSpan.FromSeconds(second), null);

    private static (string Repository, string Workflow, long RunId) Workflow(JobFacts job) => (job.Repository, job.Workflow, job.RunId);

    private async Task HookAsync(DateTimeOffset at, Dictionary<string, string>? changed = null)
    {
        var given = HookRun.EnvironmentOf("ok");
        given["RUNNER_METRICS_HOOKS"] = _folder.Path;
        foreach (var (name, value) in changed ?? [])
        {
            given[name] = value;
        }

        await HookRun.RunAsync("/bin/sh", given, HookRun.Started, "--write", $"{at.ToUnixTimeSeconds()}");
    }
}
