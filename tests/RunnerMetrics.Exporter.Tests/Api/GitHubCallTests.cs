using System.Net;
using System.Text.Json.Nodes;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.GitHub;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Simulator.GitHub.Rest;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Api;

/// <summary>GitHub's view, as the API answers it.</summary>
public class GitHubCallTests
{
    [Fact]
    public async Task GitHub_WhereItIsNotAsked_SaysHowItWouldBe()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var (status, problem) = await exporter.RefusedAsync("github");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.StartsWith("This exporter does not ask GitHub's API: start it with --github-app-id", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.False((bool)(await exporter.AskAsync("health"))["github"]!);
    }

    [Fact]
    public async Task GitHub_ThatHasNotAnsweredYet_IsToldAsUnknown()
    {
        const string Unknown = """
            {"server":"https://github.com","credential":"app","features":[{"feature":"deliveries"},{"feature":"runners"}],"limits":[],"registered":[],"waiting":[]}
            """;
        var told = "";

        // Again where the machine was busy for longer than the client waits for an answer.
        await Wait.UntilAsync(
            async () =>
            {
                await using var rig = await GitHubRig.StartAsync();
                var released = new TaskCompletionSource();
                rig.GitHub.Break(new FakeFault(FakeFaultKind.Slow) { Until = released.Task });
                await using var exporter = await rig.StartExporterAsync(change: options => options with { GitHub = rig.AsApp() with { Features = ["deliveries", "runners"] } });
                told = (await exporter.AskAsync("github")).ToJsonString();
                Assert.True((bool)(await exporter.AskAsync("health"))["github"]!);
                released.SetResult();
                return told == Unknown;
            },
            () => $"nothing is told yet, and not {told}",
            RunningExporter.Cancelled);
    }

    [Fact]
    public async Task GitHub_ThatSeesRunnersOtherwiseThanAgents_IsToldWithWhichAndSinceWhen()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.SetRunner(new FakeRunner(1, "r1", "self-hosted", "Linux", "X64", "standard") { IsBusy = true });
        rig.GitHub.SetRunner(new FakeRunner(2, "no-agent", "self-hosted", "Linux", "X64", "standard"));
        rig.GitHub.SetRunner(new FakeRunner(3, "gone", "self-hosted", "Linux", "X64", "chrome") { IsOnline = false });
        await using var exporter = await rig.StartExporterAsync(change: NeverSilent);
        await exporter.SendAsync(AgentEvents.Heartbeat("1"), AgentEvents.Heartbeat("2", runner: AgentEvents.Runner("not-registered")));
        await rig.GitHub.TellAsync(rig.Job(1, "gpu"));
        var waitsSince = rig.Clock.GetUtcNow();
        await rig.PassTimeUntilAsync(async () => (await exporter.AskAsync("github"))["unmatched"]?.AsArray().Count == 4, "each that differs is told", 30);

        var told = await exporter.AskAsync("github");
        Assert.Equal(
            ["gone: github offline/", "no-agent: github idle/", "not-registered: agent /idle", "r1: disagreement busy/idle"],
            told["unmatched"]!.AsArray().Select(runner => $"{runner!["name"]}: {runner["side"]} {runner["github"]}/{runner["agent"]}"));
        Assert.All(told["unmatched"]!.AsArray(), runner =>
        {
            Assert.Equal("github.com/acme", (string?)runner!["scope"]);
            Assert.InRange((DateTimeOffset)runner["since"]!, waitsSince, rig.Clock.GetUtcNow()); // for how long is measured by observed time, which follows the clock
        });
        var registered = Assert.Single(told["registered"]!.AsArray())!;
        Assert.Equal(("github.com/acme", 3, 2, 1), ((string?)registered["scope"], (int)registered["registered"]!, (int)registered["online"]!, (int)registered["busy"]!));
        Assert.InRange((DateTimeOffset)registered["listed_at"]!, waitsSince, rig.Clock.GetUtcNow());
        var waiting = Assert.Single(told["waiting"]!.AsArray())!;
        Assert.Equal(
            (null, """["self-hosted","Linux","X64","gpu"]""", "no_matching_runner", 1, waitsSince),
            ((string?)waiting["type"], waiting["labels"]!.ToJsonString(), (string?)waiting["reason"], (int)waiting["jobs"]!, (DateTimeOffset)waiting["oldest_at"]!));
    }

    [Fact]
    public async Task Feature_ThatFails_SaysWhyAndSinceWhen_AndWhenItLastWorked()
    {
        await using var rig = await GitHubRig.StartAsync();
        await using var exporter = await rig.StartExporterAsync();
        await rig.PassTimeUntilAsync(async () => (bool?)(await RunnersAsync())["works"] == true, "runners are listed");
        var worked = (DateTimeOffset)(await RunnersAsync())["last_success_at"]!;

        rig.GitHub.Break(new FakeFault(FakeFaultKind.BadGateway));
        await rig.PassTimeUntilAsync(async () => (bool?)(await RunnersAsync())["works"] == false, "it fails", 30);
        var failing = await RunnersAsync();
        Assert.StartsWith("GitHub answers 502: it is down", (string?)failing["problem"], StringComparison.Ordinal);
        Assert.InRange((DateTimeOffset)failing["last_success_at"]!, worked, rig.Clock.GetUtcNow());
        Assert.InRange((DateTimeOffset)failing["since"]!, (DateTimeOffset)failing["last_success_at"]!, rig.Clock.GetUtcNow());

        await rig.PassTimeUntilAsync(async () => (await exporter.AskAsync("github"))["registered"]!.AsArray().Count == 0, "nobody claims to know what is registered", 60);
        Assert.Null((await exporter.AskAsync("github"))["unmatched"]);

        async Task<JsonNode> RunnersAsync() => (await exporter.AskAsync("github"))["features"]!.AsArray().Single(feature => (string?)feature!["feature"] == "runners")!;
    }

    [Fact]
    public async Task Limits_OfACredential_AreToldWithTheExportersShare()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.AddToken("github_pat_x", FakeApp.AllPermissions);
        await using var exporter = await rig.StartExporterAsync(change: options => options with { GitHub = rig.WithToken() with { RateShare = 10, Features = ["runners"] } });
        await rig.PassTimeUntilAsync(async () => (await exporter.AskAsync("github"))["limits"]!.AsArray().Count == 1, "the limit is known");

        var told = await exporter.AskAsync("github");
        Assert.Equal("token", (string?)told["credential"]);
        var limit = told["limits"]![0]!;
        Assert.Equal(("token", 5000, 4999, 1, 500), ((string?)limit["credential"], (int)limit["limit"]!, (int)limit["remaining"]!, (int)limit["used"]!, (int)limit["share"]!));
        Assert.True((DateTimeOffset)limit["resets_at"]! > rig.Clock.GetUtcNow());
        Assert.Null(limit["paused_until"]);
        Assert.Null(told["deliveries"]);

        rig.GitHub.Break(new FakeFault(FakeFaultKind.SecondaryLimit, Times: 1) { RetryAfter = TimeSpan.FromMinutes(20) });
        await rig.PassTimeUntilAsync(async () => (await exporter.AskAsync("github"))["limits"]![0]!["paused_until"] is not null, "GitHub asks for a pause", 30);
    }

    [Fact]
    public async Task Deliveries_ThatWereMissed_AreToldWithWhatBecameOfThem()
    {
        await using var rig = await GitHubRig.StartAsync();
        await using var exporter = await rig.StartExporterAsync();
        var (right, wrong) = (rig.GitHub.Hook.Url, GitHubRig.Nobody);
        rig.GitHub.Hook.Url = wrong;
        await rig.GitHub.TellAsync(rig.Job(1));
        await rig.PassTimeUntilAsync(async () => (int?)(await exporter.AskAsync("github"))["deliveries"]?["missing"] == 1, "it is missing", 30);
        rig.GitHub.Hook.Url = right;
        await rig.PassTimeUntilAsync(async () => (int?)(await exporter.AskAsync("github"))["deliveries"]?["missing"] == 0, "it is had again", 60);

        Assert.Equal("""{"found":1,"recovered":1,"given_up":0,"missing":0}""", (await exporter.AskAsync("github"))["deliveries"]!.ToJsonString());
    }

    [Fact]
    public async Task Deliveries_ThatCouldNotBeListed_AreNotToldAsNone()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.Break(new FakeFault(FakeFaultKind.BadGateway, "/app/hook/deliveries"));
        await using var exporter = await rig.StartExporterAsync();
        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync("runner_metrics_github_working{feature=\"deliveries\"}") == "0", "the list does not come");

        Assert.Null((await exporter.AskAsync("github"))["deliveries"]);
        Assert.Null(await exporter.SampleAsync("runner_metrics_github_deliveries_missing"));
    }

    [Fact]
    public async Task Polling_OfJobs_IsToldWithItsCycleAndHowFarItCame()
    {
        await using var rig = await GitHubRig.StartAsync();
        await using var exporter = await rig.StartExporterAsync(takesWebhooks: false);
        await rig.PassTimeUntilAsync(async () => (await exporter.AskAsync("github"))["polling"] is not null, "a round has ended");

        var told = await exporter.AskAsync("github");
        Assert.True((double)told["polling"]!["cycle_seconds"]! >= 0);
        Assert.InRange((DateTimeOffset)told["polling"]!["told_until"]!, AgentEvents.Now, rig.Clock.GetUtcNow());
        Assert.NotNull(told["waiting"]);
    }

    [Fact]
    public async Task Waits_WhereNobodyTellsOfThem_AreAbsent()
    {
        await using var rig = await GitHubRig.StartAsync();
        await using var exporter = await rig.StartExporterAsync(takesWebhooks: false, options => options with { GitHub = rig.AsApp() with { PollJobs = GitHubJobs.Off } });

        Assert.Null((await exporter.AskAsync("github"))["waiting"]);
    }

    [Fact]
    public async Task Answer_ThatDidNotChange_IsNotSentAgain()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.Break(new FakeFault(FakeFaultKind.Slow) { Until = new TaskCompletionSource().Task });
        await using var exporter = await rig.StartExporterAsync();

        // On a busy machine the client may give up a request in between, and the answer tells so.
        await Wait.UntilAsync(
            async () =>
            {
                using var first = await exporter.Client.GetAsync(new Uri("/api/v1/github", UriKind.Relative), RunningExporter.Cancelled);
                Assert.Equal(HttpStatusCode.OK, first.StatusCode);
                using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/github");
                request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
                rig.Clock.Advance(TimeSpan.FromSeconds(1));
                using var again = await exporter.Client.SendAsync(request, RunningExporter.Cancelled);
                return again.StatusCode == HttpStatusCode.NotModified;
            },
            "what did not change is not sent again");
    }

    /// <summary>Its agents speak once, and are not held for silent while time passes.</summary>
    internal static ExporterOptions NeverSilent(ExporterOptions options) => options with { Fleet = new FleetOptions { OfflineAfter = TimeSpan.FromHours(12) } };
}
