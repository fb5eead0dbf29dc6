namespace RunnerMetrics.EndToEnd.Tests.Containers;

/// <summary>Runners in containers that die, stop and come back.</summary>
[Trait("Category", "Docker")]
public sealed class FleetTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fleet_OneKilledOneStoppedOneRestarted_MetricsTellTheTruthAboutEach()
    {
        await Docker.SkipWhereNotWantedAsync(Cancelled);
        await using var fleet = await ContainerFleet.StartAsync(Cancelled);

        // Its jobs last long beside what a busy machine takes to kill it, so that none ends unseen meanwhile.
        await fleet.StartRunnerAsync("killed", "standard", 1, Cancelled, "--env", "RUNNER_METRICS_SPEED=15");
        await fleet.StartRunnerAsync("stopped", "chrome", 2, Cancelled);
        await fleet.StartRunnerAsync("restarted", "chrome-go", 3, Cancelled);
        foreach (var name in (string[])["killed", "stopped", "restarted"])
        {
            await fleet.UntilAsync(scrape => ContainerFleet.Sum(scrape, "github_runner_jobs_total", name) >= 2 && ContainerFleet.Sum(scrape, "github_runner_status", name) == 1, Cancelled);
        }

        // What the hook scripts and the jobs' cache reports told, through the hook folder.
        await fleet.UntilAsync(scrape => ContainerFleet.Sum(scrape, "github_runner_cache_requests_total", "stopped") > 0, Cancelled);

        var lost = await fleet.KillInMidJobAsync("killed", Cancelled);
        await Docker.RunAsync(Cancelled, "stop", "--time", "120", fleet.NameOf("stopped"));
        await Docker.RunAsync(Cancelled, "restart", "--time", "120", fleet.NameOf("restarted"));

        await Docker.UntilHealthyAsync(fleet.NameOf("exporter"), Cancelled);

        // Silence is no conclusion; a stop that says so is told at once.
        await fleet.AssertCountedAsync("killed", lost, Cancelled);
        await fleet.UntilAsync(scrape => ContainerFleet.Sum(scrape, "github_runner_status", "stopped") == 0, Cancelled);
        await fleet.AssertCountedAsync("stopped", lost: 0, Cancelled);
        Assert.Equal("0", await Docker.RunAsync(Cancelled, "inspect", "--format", "{{.State.ExitCode}}", fleet.NameOf("stopped")));
        await fleet.UntilAsync(scrape => ContainerFleet.Sum(scrape, "github_runner_status", "restarted") == 1, Cancelled);

        // It is back with its _diag, where the job stands unfinished.
        await Docker.RunAsync(Cancelled, "start", fleet.NameOf("killed"));
        await fleet.UntilAsync(scrape => ContainerFleet.Sum(scrape, "github_runner_status", "killed") == 1 && ContainerFleet.Sum(scrape, "github_runner_jobs_unresolved", "killed") == 0, Cancelled);
        foreach (var name in (string[])["killed", "restarted"])
        {
            await Docker.RunAsync(Cancelled, "stop", "--time", "120", fleet.NameOf(name));
            await fleet.AssertCountedAsync(name, name == "killed" ? lost + 1 : 0, Cancelled);
        }
    }
}
