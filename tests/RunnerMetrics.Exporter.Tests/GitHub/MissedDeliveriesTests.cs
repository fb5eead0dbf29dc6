using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Simulator.GitHub.Rest;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.GitHub;

/// <summary>The exporter was away while GitHub delivered.</summary>
public class MissedDeliveriesTests
{
    private const string Missing = "runner_metrics_github_deliveries_missing";

    [Fact]
    public async Task Day_WithAnHourAway_CountsAllThatGitHubKnows()
    {
        await using var rig = await GitHubRig.StartAsync(new FakeGitHubOptions { RateLimit = 15_000 });
        var day = new SimulatedDay(rig.Clock.GetUtcNow(), LongProof.Of(500, 2_000), TimeSpan.FromHours(23));
        var (awayFrom, awayUntil) = (rig.Clock.GetUtcNow().AddHours(10), rig.Clock.GetUtcNow().AddHours(11));
        var exporter = await rig.StartExporterAsync();
        try
        {
            await TellAsync(rig, day, awayFrom);
            await exporter.DisposeAsync();
            await TellAsync(rig, day, awayUntil);
            exporter = await rig.StartExporterAsync();
            await TellAsync(rig, day, DateTimeOffset.MaxValue);

            Assert.InRange(rig.GitHub.Hook.Deliveries.Count(delivery => delivery.Status != "OK"), 30, 600);
            await AllRecoveredAsync(rig, exporter, day);
        }
        finally
        {
            await exporter.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("keeps failing")]
    [InlineData("limit used up")]
    [InlineData("API down")]
    [InlineData("API broken")]
    public async Task Return_WhileSomethingElseIsWrong_CountsAllOnceItIsNot(string what)
    {
        await using var rig = await GitHubRig.StartAsync();
        var day = new SimulatedDay(rig.Clock.GetUtcNow(), 60, TimeSpan.FromHours(2));
        var exporter = await rig.StartExporterAsync();
        try
        {
            await TellAsync(rig, day, rig.Clock.GetUtcNow().AddHours(1));
            await exporter.DisposeAsync();
            await TellAsync(rig, day, DateTimeOffset.MaxValue);
            var nobody = rig.GitHub.Hook.Url;
            exporter = await rig.StartExporterAsync();
            Break(rig, what, nobody!);
            for (var minute = 0; minute < 20; minute++)
            {
                rig.Clock.Advance(TimeSpan.FromMinutes(1));
                await exporter.ScrapeAsync();
            }

            rig.GitHub.Mend();
            rig.GitHub.Hook.Url = new Uri(exporter.Http, "/webhooks/github");
            await AllRecoveredAsync(rig, exporter, day);
        }
        finally
        {
            await exporter.DisposeAsync();
        }
    }

    [Fact]
    public async Task Delivery_ThatNeverWorks_IsGivenUpAfterSixTries()
    {
        await using var rig = await GitHubRig.StartAsync();
        await using var exporter = await rig.StartExporterAsync();
        rig.GitHub.Hook.Url = GitHubRig.Nobody;
        await rig.GitHub.TellAsync(rig.Job(1));

        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync("runner_metrics_github_deliveries_total{outcome=\"given_up\"}") == "1", "it is given up", 60);

        Assert.Equal(1 + 6, rig.GitHub.Hook.Deliveries.Count);
        Assert.Equal("0", await exporter.SampleAsync(Missing));
        Assert.Equal("1", await exporter.SampleAsync("runner_metrics_github_deliveries_total{outcome=\"found\"}"));
        Assert.Equal("0", await exporter.SampleAsync("runner_metrics_github_deliveries_total{outcome=\"recovered\"}"));
    }

    [Theory]
    [InlineData(FakeFaultKind.Html)]
    [InlineData(FakeFaultKind.BadGateway)]
    [InlineData(FakeFaultKind.SecondaryLimit)]
    public async Task Asking_ThatGoesWrongHalfway_GivesNothingUp(FakeFaultKind fault)
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.Hook.Url = GitHubRig.Nobody;
        for (var id = 1; id <= 5; id++)
        {
            await rig.GitHub.TellAsync(rig.Job(id));
        }

        var third = rig.GitHub.Hook.Deliveries.Select(delivery => delivery.Id).Order().ElementAt(2);
        rig.GitHub.Break(new FakeFault(fault, $"/app/hook/deliveries/{third}/", 1));
        await using var exporter = await rig.StartExporterAsync();

        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync("github_workflow_jobs_queued{runner_type=\"standard\"}") == "5", "all jobs wait", 30);

        Assert.Contains(rig.GitHub.Requests, request => request.Path == $"/app/hook/deliveries/{third}/attempts" && request.Status != 202);
        Assert.Equal("0", await exporter.SampleAsync("runner_metrics_github_deliveries_total{outcome=\"given_up\"}"));
    }

    [Fact]
    public async Task Deliveries_OfAnOrganisationsWebhook_AreAskedForWithAToken()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.AddToken("github_pat_x", FakeApp.AllPermissions);
        await using var exporter = await rig.StartExporterAsync(change: options => options with { GitHub = rig.WithToken() });
        var (right, wrong) = (rig.GitHub.Hook.Url, GitHubRig.Nobody);
        rig.GitHub.Hook.Url = wrong;
        await rig.GitHub.TellAsync(rig.Job(1));
        rig.GitHub.Hook.Url = right;

        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync("github_workflow_jobs_queued{runner_type=\"standard\"}") == "1", "the job waits", 30);
    }

    private static void Break(GitHubRig rig, string what, Uri nobody)
    {
        switch (what)
        {
            case "keeps failing":
                rig.GitHub.Hook.Url = nobody;
                break;
            case "limit used up":
                rig.GitHub.UseUpRateLimit(asApp: true);
                break;
            case "API down":
                rig.GitHub.Break(new FakeFault(FakeFaultKind.Down));
                break;
            default:
                rig.GitHub.Break(new FakeFault(FakeFaultKind.Html));
                break;
        }
    }

    private static async Task TellAsync(GitHubRig rig, SimulatedDay day, DateTimeOffset until)
    {
        while (!day.IsOver && day.NextAt < until)
        {
            await day.TellNextAsync(rig);
        }
    }

    private static async Task AllRecoveredAsync(GitHubRig rig, RunningExporter exporter, SimulatedDay day)
    {
        var truth = day.Truth();
        await rig.PassTimeUntilAsync(async () => truth.SequenceEqual(await SimulatedDay.CountedAsync(exporter)), "everything is counted", 60);
        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync(Missing) == "0", "nothing is missing any more", 60);
        Assert.Equal(truth, await SimulatedDay.CountedAsync(exporter));
        Assert.Equal("0", await exporter.SampleAsync("runner_metrics_github_deliveries_total{outcome=\"given_up\"}"));
    }
}
