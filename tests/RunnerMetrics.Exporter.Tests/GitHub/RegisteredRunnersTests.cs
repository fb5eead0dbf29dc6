using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Simulator.GitHub.Rest;

namespace RunnerMetrics.Exporter.Tests.GitHub;

/// <summary>The fleet as GitHub sees it.</summary>
public class RegisteredRunnersTests
{
    [Fact]
    public async Task Runners_ThatGitHubAndAgentsSeeDifferently_AreToldAfterFiveMinutes()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.SetRunner(new FakeRunner(1, "r1", "self-hosted", "standard"));
        rig.GitHub.SetRunner(new FakeRunner(2, "no-agent", "self-hosted", "standard") { IsBusy = true });
        rig.GitHub.SetRunner(new FakeRunner(3, "gone", "self-hosted", "standard") { IsOnline = false });
        rig.GitHub.SetRunner(new FakeRunner(4, "r4", "self-hosted", "standard") { IsOnline = false });
        await using var exporter = await rig.StartExporterAsync();
        async Task BeatAsync()
        {
            var at = (rig.Clock.GetUtcNow() - AgentEvents.Now).TotalSeconds;
            foreach (var name in new[] { "r1", "r4", "not-registered" })
            {
                await exporter.SendAsync(AgentEvents.Heartbeat($"{name}-{at}", at, AgentEvents.Runner(name)));
            }
        }

        await UntilAsync("github_runners_registered{runner_scope=\"github.com/acme\",state=\"offline\"}", "2");
        Assert.Equal("1", await exporter.SampleAsync("github_runners_registered{runner_scope=\"github.com/acme\",state=\"idle\"}"));
        Assert.Equal("1", await exporter.SampleAsync("github_runners_registered{runner_scope=\"github.com/acme\",state=\"busy\"}"));
        Assert.Equal("0", await exporter.SampleAsync("github_runner_unmatched{side=\"github\"}"));

        await UntilAsync("github_runner_unmatched{side=\"github\"}", "2");
        await UntilAsync("github_runner_unmatched{side=\"agent\"}", "1");
        await UntilAsync("github_runner_unmatched{side=\"disagreement\"}", "1");
        var page = await exporter.Client.GetStringAsync("/", RunningExporter.Cancelled);
        Assert.Contains("<td><bdi>no-agent</bdi></td><td><bdi>github.com/acme</bdi></td><td>busy</td><td>no agent</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td><bdi>not-registered</bdi></td><td><bdi>github.com/acme</bdi></td><td>not registered</td><td>idle</td>", page, StringComparison.Ordinal);
        Assert.Contains("<td><bdi>r4</bdi></td><td><bdi>github.com/acme</bdi></td><td>offline</td><td>idle</td>", page, StringComparison.Ordinal);

        rig.GitHub.RemoveRunner("no-agent");
        await UntilAsync("github_runner_unmatched{side=\"github\"}", "1");

        Task UntilAsync(string sample, string value) => rig.PassTimeUntilAsync(
            async () =>
            {
                await BeatAsync();
                return await exporter.SampleAsync(sample) == value;
            },
            $"{sample} is {value}", 15);
    }

    [Fact]
    public async Task List_ThatDoesNotComeAnyMore_IsNotShownAsIfItWereTrue()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.SetRunner(new FakeRunner(1, "r1", "self-hosted"));
        await using var exporter = await rig.StartExporterAsync();
        const string Idle = "github_runners_registered{runner_scope=\"github.com/acme\",state=\"idle\"}";
        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync(Idle) == "1", "the runner is listed");

        rig.GitHub.Break(new FakeFault(FakeFaultKind.BadGateway));
        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync(Idle) is null, "nobody claims to know", 60);

        Assert.Equal("0", await exporter.SampleAsync("runner_metrics_github_working{feature=\"runners\"}"));
        Assert.Contains("GitHub answers 502: it is down", await exporter.Client.GetStringAsync("/", RunningExporter.Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wait_OfAJob_IsToldWithItsReason()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.SetRunner(new FakeRunner(1, "r1", "self-hosted", "Linux", "X64", "standard") { IsBusy = true });
        rig.GitHub.SetRunner(new FakeRunner(2, "c1", "self-hosted", "Linux", "X64", "chrome") { IsOnline = false });
        await using var exporter = await rig.StartExporterAsync();
        await rig.GitHub.TellAsync(rig.Job(1));
        await rig.GitHub.TellAsync(rig.Job(2, "chrome"));
        await rig.GitHub.TellAsync(rig.Job(3, "gpu"));
        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync("github_workflow_jobs_oldest_wait_seconds{reason=\"no_matching_runner\"}") is not null, "the runners are listed");

        var from = rig.Clock.GetUtcNow();
        rig.Clock.Advance(TimeSpan.FromSeconds(100));
        var waited = ((from - AgentEvents.Now).TotalSeconds + 100).ToString(System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(waited, await exporter.SampleAsync("github_workflow_jobs_oldest_wait_seconds{runner_type=\"standard\",reason=\"all_busy\"}"));
        Assert.Equal(waited, await exporter.SampleAsync("github_workflow_jobs_oldest_wait_seconds{runner_type=\"chrome\",reason=\"offline\"}"));
        Assert.Equal(waited, await exporter.SampleAsync("github_workflow_jobs_oldest_wait_seconds{reason=\"no_matching_runner\"}"));
        Assert.Contains("<td><bdi>self-hosted, Linux, X64, gpu</bdi></td><td>1</td>", await exporter.Client.GetStringAsync("/", RunningExporter.Cancelled), StringComparison.Ordinal);

        await rig.GitHub.TellAsync(rig.Job(1) with { CreatedAt = AgentEvents.Now, RunnerName = "r1", StartedAt = rig.Clock.GetUtcNow() });
        Assert.Null(await exporter.SampleAsync("github_workflow_jobs_oldest_wait_seconds{runner_type=\"standard\",reason=\"all_busy\"}"));
    }

    [Fact]
    public async Task Version_ThatEnds_IsToldWithItsTime()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.SetRunner(new FakeRunner(1, "r1", "self-hosted") { Version = "2.335.0" });
        rig.GitHub.SetRunner(new FakeRunner(2, "r2", "self-hosted"));
        var end = new DateTimeOffset(2026, 12, 24, 0, 0, 0, TimeSpan.Zero);
        rig.GitHub.Deprecate("2.335.0", end.AddDays(-10), end);
        await using var exporter = await rig.StartExporterAsync();

        await rig.PassTimeUntilAsync(
            async () => await exporter.SampleAsync("github_runner_version_deprecation_timestamp_seconds{version=\"2.335.0\"}") == end.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            "the version's end is known");

        Assert.Null(await exporter.SampleAsync("github_runner_version_deprecation_timestamp_seconds{version=\"2.336.0\"}"));
    }

    [Fact]
    public async Task GitHub_ThatIsSlow_DelaysNothingElse()
    {
        await using var rig = await GitHubRig.StartAsync();
        var released = new TaskCompletionSource();
        rig.GitHub.Break(new FakeFault(FakeFaultKind.Slow) { Until = released.Task });
        await using var exporter = await rig.StartExporterAsync();

        await rig.GitHub.TellAsync(rig.Job(1));
        await exporter.SendAsync(AgentEvents.Heartbeat("h1"));

        Assert.Equal("1", await exporter.SampleAsync("github_workflow_jobs_queued{runner_type=\"standard\"}"));
        Assert.Equal("OK", rig.GitHub.Hook.Deliveries.Single().Status);
        Assert.True((await exporter.Client.GetAsync("/ready", RunningExporter.Cancelled)).IsSuccessStatusCode);
        released.SetResult();
    }

    [Fact]
    public async Task Exporter_WithoutACredential_AsksNobody()
    {
        await using var rig = await GitHubRig.StartAsync();
        await using var exporter = await rig.StartExporterAsync(change: options => options with { GitHub = new() { Api = rig.GitHub.Url } });
        await rig.GitHub.TellAsync(rig.Job(1));
        rig.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.DoesNotContain("runner_metrics_github_", await exporter.ScrapeAsync(), StringComparison.Ordinal);
        Assert.Empty(rig.GitHub.Requests);
    }
}
