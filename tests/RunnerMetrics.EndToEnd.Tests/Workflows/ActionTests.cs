using RunnerMetrics.Agent;
using RunnerMetrics.EndToEnd.Tests.Release;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Workflows;

/// <summary>The action of this repository, as a workflow uses it, with a real agent and a real exporter.</summary>
[Collection(BuiltRelease.Collection)]
public sealed class ActionTests(BuiltRelease release) : IDisposable
{
    private static readonly string Folder = Path.Combine(RepositoryFolder.Path, "action");

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Report_Deployment_CountsOnceHoweverOftenTheStepRuns()
    {
        Programs.SkipUnlessPublished();
        await using var exporter = ExporterProcess.Start("--data", _folder.File("data"), "--http-port", "0", "--grpc-port", "0");
        var (http, grpc) = await exporter.ReadyAsync();
        var inputs = new Dictionary<string, string> { ["report"] = "deployment", ["collector"] = grpc.ToString(), ["committed-at"] = "2026-11-01T10:00:00Z" };
        for (var i = 0; i < 2; i++)
        {
            var run = await RunAsync(inputs, "success", WithAgent());
            Assert.True(run.ExitCode == 0, run.Said);
            Assert.DoesNotContain("::warning", run.Said, StringComparison.Ordinal);
        }

        var scraped = await Scraped.ReadAsync(http, Cancelled);
        Assert.Equal(1, scraped["github_deployments_total{repository=\"acme/shop\",environment=\"production\",status=\"success\"}"]);
        Assert.Equal(1, scraped.Sum("github_deployment_lead_time_seconds_count"));
    }

    [Fact]
    public async Task Report_Incident_IsCounted()
    {
        Programs.SkipUnlessPublished();
        await using var exporter = ExporterProcess.Start("--data", _folder.File("data"), "--http-port", "0", "--grpc-port", "0");
        var (http, grpc) = await exporter.ReadyAsync();
        var run = await RunAsync(new() { ["report"] = "incident", ["id"] = "77; touch $(pwned)" }, "success", WithAgent(("RUNNER_METRICS_COLLECTOR", grpc.ToString())));
        Assert.True(run.ExitCode == 0, run.Said);
        Assert.Equal(1, (await Scraped.ReadAsync(http, Cancelled)).Sum("github_incidents_total"));
    }

    [Theory]
    [InlineData("true", "HITS=1", "MISSES=0")]
    [InlineData("false", "HITS=0", "MISSES=1")]
    [InlineData("", "HITS=0", "MISSES=1")]
    public async Task Report_Cache_LeavesAFileForTheAgent(string cacheHit, string hits, string misses)
    {
        Programs.SkipUnlessPublished();
        var hooks = Directory.CreateDirectory(_folder.File("hooks")).FullName;
        var run = await RunAsync(new() { ["report"] = "cache", ["cache-type"] = "npm", ["cache-hit"] = cacheHit }, "success", WithAgent(("RUNNER_METRICS_HOOKS", hooks)));
        Assert.True(run.ExitCode == 0, run.Said);
        var report = (await File.ReadAllTextAsync(Assert.Single(Directory.EnumerateFiles(hooks)), Cancelled)).ToUpperInvariant();
        Assert.Contains(hits, report, StringComparison.Ordinal);
        Assert.Contains(misses, report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_WithoutAnAgentOnTheRunner_DownloadsAndKeepsTheReleases()
    {
        var files = await release.FilesAsync();
        await using var exporter = ExporterProcess.Start("--data", _folder.File("data"), "--http-port", "0", "--grpc-port", "0");
        var (http, grpc) = await exporter.ReadyAsync();
        var inputs = new Dictionary<string, string> { ["report"] = "deployment", ["collector"] = grpc.ToString() };
        await using (var server = await ReleaseServer.StartAsync(files))
        {
            var run = await RunAsync(inputs, "failure", Runner(("RUNNER_METRICS_RELEASE_URL", server.Url)));
            Assert.True(run.ExitCode == 0, run.Said);
            Assert.DoesNotContain("::warning", run.Said, StringComparison.Ordinal);
        }

        Assert.Equal(1, (await Scraped.ReadAsync(http, Cancelled))["github_deployments_total{repository=\"acme/shop\",environment=\"production\",status=\"failure\"}"]);
        var again = await RunAsync(inputs, "failure", Runner(("RUNNER_METRICS_RELEASE_URL", "http://127.0.0.1:1")));
        Assert.True(again.ExitCode == 0, again.Said);
        Assert.DoesNotContain("::warning", again.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deployment", "cancelled", "false", 0, "::notice title=RunnerMetrics::The job was cancelled")]
    [InlineData("deployment", "skipped", "false", 2, "::error title=RunnerMetrics::state 'skipped' is not pending, in_progress, success or failure.")]
    [InlineData("deploy", "success", "false", 2, "::error title=RunnerMetrics::report 'deploy' is not deployment, cache or incident.")]
    [InlineData("incident", "success", "false", 2, "::error title=RunnerMetrics::an incident needs an id")]
    [InlineData("cache", "success", "false", 0, "::warning title=RunnerMetrics::the runner has no hook folder")]
    [InlineData("cache", "success", "true", 1, "::error title=RunnerMetrics::the runner has no hook folder")]
    public async Task Report_ThatCannotBeMade_SaysSo(string report, string status, string failOnError, int exitCode, string said)
    {
        var run = await RunAsync(new() { ["report"] = report, ["fail-on-error"] = failOnError }, status, Runner());
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(said, run.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static Task<ProcessRun> RunAsync(Dictionary<string, string> inputs, string status, Dictionary<string, string> environment) =>
        new CompositeAction(Folder).RunAsync(inputs, new() { ["job.status"] = status, ["github.action_repository"] = "acme/RunnerMetrics" }, environment);

    private Dictionary<string, string> WithAgent(params (string Name, string Value)[] more)
    {
        var environment = Runner(more);
        environment["PATH"] = $"{Path.GetDirectoryName(Programs.Start(typeof(AgentApplication).Assembly).FileName)}:{environment["PATH"]}";
        return environment;
    }

    private Dictionary<string, string> Runner(params (string Name, string Value)[] more)
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = "/usr/bin:/bin",
            ["HOME"] = _folder.Path,
            ["RUNNER_TEMP"] = _folder.Path,
            ["RUNNER_TOOL_CACHE"] = _folder.File("tools"),
            ["GITHUB_SERVER_URL"] = "https://github.com",
            ["GITHUB_REPOSITORY"] = "acme/shop",
            ["GITHUB_RUN_ID"] = "4711",
            ["GITHUB_RUN_ATTEMPT"] = "1",
            ["GITHUB_SHA"] = "6f3b1a0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a",
        };
        foreach (var (name, value) in more)
        {
            environment[name] = value;
        }

        return environment;
    }
}
