using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Containers;

/// <summary>The images, built and run by a real Docker engine.</summary>
[Trait("Category", "Docker")]
public sealed class ContainerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fleet_OneKilledOneStoppedOneRestarted_MetricsTellTheTruthAboutEach()
    {
        await Docker.SkipWhereNotWantedAsync(Cancelled);
        await using var fleet = await ContainerFleet.StartAsync(Cancelled);
        await fleet.StartRunnerAsync("killed", "standard", 1, Cancelled);
        await fleet.StartRunnerAsync("stopped", "chrome", 2, Cancelled);
        await fleet.StartRunnerAsync("restarted", "chrome-go", 3, Cancelled);
        foreach (var name in (string[])["killed", "stopped", "restarted"])
        {
            await UntilAsync(fleet, scrape => Sum(scrape, "github_runner_jobs_total", name) >= 2 && Sum(scrape, "github_runner_status", name) == 1);
        }

        // What the hook scripts and the jobs' cache reports told, through the hook folder.
        await UntilAsync(fleet, scrape => Sum(scrape, "github_runner_cache_requests_total", "stopped") > 0);

        // A job that has just begun: one that ends while it is killed would be no job that was killed.
        await UntilAsync(fleet, scrape => Sum(scrape, "github_runner_busy", "killed") == 0);
        await UntilAsync(fleet, scrape => Sum(scrape, "github_runner_busy", "killed") == 1);
        await Docker.RunAsync(Cancelled, "kill", "--signal", "KILL", fleet.NameOf("killed"));
        await Docker.RunAsync(Cancelled, "stop", "--time", "60", fleet.NameOf("stopped"));
        await Docker.RunAsync(Cancelled, "restart", "--time", "60", fleet.NameOf("restarted"));

        await UntilHealthyAsync(fleet.NameOf("exporter"));

        // Silence is no conclusion; a stop that says so is told at once.
        await UntilAsync(fleet, scrape => Sum(scrape, "github_runner_status", "killed") == 0 && Sum(scrape, "github_runner_jobs_unresolved", "killed") == 1);
        await AssertCountedAsync(fleet, "killed", lost: 0);
        await UntilAsync(fleet, scrape => Sum(scrape, "github_runner_status", "stopped") == 0);
        await AssertCountedAsync(fleet, "stopped", lost: 0);
        Assert.Equal("0", await Docker.RunAsync(Cancelled, "inspect", "--format", "{{.State.ExitCode}}", fleet.NameOf("stopped")));
        await UntilAsync(fleet, scrape => Sum(scrape, "github_runner_status", "restarted") == 1);

        // It is back with its _diag, where the job stands unfinished.
        await Docker.RunAsync(Cancelled, "start", fleet.NameOf("killed"));
        await UntilAsync(fleet, scrape => Sum(scrape, "github_runner_status", "killed") == 1 && Sum(scrape, "github_runner_jobs_unresolved", "killed") == 0);
        foreach (var name in (string[])["killed", "restarted"])
        {
            await Docker.RunAsync(Cancelled, "stop", "--time", "60", fleet.NameOf(name));
            await AssertCountedAsync(fleet, name, lost: name == "killed" ? 1 : 0);
        }
    }

    // The container's end is the last moment to deliver: nothing is waited for here.
    [Fact]
    public async Task Ephemeral_ContainerEnds_ItsJobIsDeliveredAndHasNoSeriesOfItsOwn()
    {
        await Docker.SkipWhereNotWantedAsync(Cancelled);
        await using var fleet = await ContainerFleet.StartAsync(Cancelled);
        var ran = 0;
        for (var i = 1; i <= 3; i++)
        {
            var name = $"once-{i}";
            await fleet.StartRunnerAsync(name, "standard", 10 + i, Cancelled, "--env", "RUNNER_EPHEMERAL=true");
            Assert.Equal("0", await Docker.RunAsync(Cancelled, "wait", fleet.NameOf(name)));
            ran += (await fleet.RanAsync(name)).Values.Sum();
            var scrape = await Scrape.ReadAsync(fleet.Exporter, Cancelled);
            Assert.Equal(ran, scrape.SumWhere(series => series.StartsWith("github_runner_jobs_total{runner_name=\"ephemeral\"", StringComparison.Ordinal)));
            Assert.DoesNotContain("once-", scrape.Text, StringComparison.Ordinal);
        }

        Assert.Equal(3, ran);
    }

    [Theory]
    [InlineData("standard", "true")]
    [InlineData("chrome", "chromedriver --version && chrome --headless --no-sandbox --disable-gpu --dump-dom 'data:text/html,<p>seen</p>' | grep seen")]
    [InlineData("chrome-go", "chromedriver --version && chrome --version && go version")]
    public async Task Image_OfAType_RunsItsProgramsAndServesMetricsByItself(string type, string programs)
    {
        await Docker.SkipWhereNotWantedAsync(Cancelled);
        var image = $"runner-metrics-test/runner-{type}";
        Assert.Equal("1001", (await Docker.RunAsync(Cancelled, "run", "--rm", "--entrypoint", "sh", image, "-c", $"({programs}) >&2 && id -u")).Split('\n')[0]);

        var name = $"runner-metrics-test-{Guid.NewGuid():N}";
        await Docker.RunAsync(Cancelled, "run", "--detach", "--name", name, "--env", "RUNNER_MODE=simulated", "--env", "RUNNER_NAME=alone", "--env", "RUNNER_METRICS_SPEED=100", "--publish", "127.0.0.1:0:9091", image);
        try
        {
            var address = await Docker.AddressAsync(name, 9091, Cancelled);
            await UntilAsync(address, scrape => scrape.Value($"github_runner_status{{runner_name=\"alone\",runner_type=\"{type}\"}}") == 1 && scrape.Sum("github_runner_jobs_total") >= 1);
            await UntilHealthyAsync(name);
            await Docker.RunAsync(Cancelled, "stop", "--time", "60", name);
            Assert.Equal("0", await Docker.RunAsync(Cancelled, "inspect", "--format", "{{.State.ExitCode}}", name));
        }
        finally
        {
            await ProcessRun.RunAsync("docker", ["rm", "--force", "--volumes", name], CancellationToken.None);
        }
    }

    [Fact]
    public async Task Stop_CollectorAway_EndsWithinTheLimitAndSaysWhatWaits()
    {
        await Docker.SkipWhereNotWantedAsync(Cancelled);
        var name = $"runner-metrics-test-{Guid.NewGuid():N}";
        await Docker.RunAsync(
            Cancelled, "run", "--detach", "--name", name, "--env", "RUNNER_MODE=simulated", "--env", "RUNNER_NAME=alone", "--env", "RUNNER_METRICS_SPEED=1000",
            "--env", "RUNNER_METRICS_FLUSH=2", "--env", "RUNNER_METRICS_COLLECTOR=http://127.0.0.1:1", Docker.Runner);
        try
        {
            await Wait.UntilAsync(async () => (await Docker.RunAsync(Cancelled, "logs", name)).Contains(" success in ", StringComparison.Ordinal), () => "No job succeeds.", Cancelled);
            await Docker.RunAsync(Cancelled, "stop", "--time", "60", name);
            Assert.Equal("0", await Docker.RunAsync(Cancelled, "inspect", "--format", "{{.State.ExitCode}}", name));
            Assert.Contains("The last events were not delivered; they wait in /var/lib/runner-metrics/spool.", await Docker.RunAsync(Cancelled, "logs", name), StringComparison.Ordinal);
        }
        finally
        {
            await ProcessRun.RunAsync("docker", ["rm", "--force", "--volumes", name], CancellationToken.None);
        }
    }

    [Fact]
    public async Task Image_GithubModeWithoutAUrl_EndsAndSaysWhatToGive()
    {
        await Docker.SkipWhereNotWantedAsync(Cancelled);
        var run = await ProcessRun.RunAsync("docker", ["run", "--rm", Docker.Runner], Cancelled);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("RUNNER_URL is missing", run.Said, StringComparison.Ordinal);
    }

    private static async Task AssertCountedAsync(ContainerFleet fleet, string name, int lost)
    {
        var ran = await fleet.RanAsync(name);
        var scrape = await Scrape.ReadAsync(fleet.Exporter, Cancelled);
        foreach (var status in (string[])["success", "failed", "cancelled"])
        {
            Assert.Equal(ran.GetValueOrDefault(status), Sum(scrape, "github_runner_jobs_total", name, $"status=\"{status}\""));
        }

        Assert.Equal(lost, Sum(scrape, "github_runner_jobs_total", name, "status=\"lost\""));
    }

    private static Task UntilHealthyAsync(string container) => Wait.UntilAsync(
        async () => await Docker.RunAsync(Cancelled, "inspect", "--format", "{{.State.Health.Status}}", container) == "healthy", () => $"{container} is not healthy.", Cancelled);

    private static double Sum(Scrape scrape, string metric, string runner, string more = "") =>
        scrape.SumWhere(series => series.StartsWith(metric + "{", StringComparison.Ordinal) && series.Contains($"runner_name=\"{runner}\"", StringComparison.Ordinal) && series.Contains(more, StringComparison.Ordinal));

    private static Task UntilAsync(ContainerFleet fleet, Func<Scrape, bool> isSo) => UntilAsync(fleet.Exporter, isSo);

    private static async Task UntilAsync(Uri exporter, Func<Scrape, bool> isSo)
    {
        var last = "nothing";
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    var scrape = await Scrape.ReadAsync(exporter, Cancelled);
                    last = scrape.Text;
                    return isSo(scrape);
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            () => last,
            Cancelled);
    }
}
