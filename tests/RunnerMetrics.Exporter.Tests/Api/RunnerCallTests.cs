using System.Net;
using RunnerMetrics.Exporter.Tests.Support;
using State = RunnerMetrics.Contracts.V1.RunnerHeartbeat.Types.State;

namespace RunnerMetrics.Exporter.Tests.Api;

public class RunnerCallTests
{
    [Fact]
    public async Task Runners_Filters_FindThoseAndNoOthersTheWorstOffFirst()
    {
        await using var fleet = await ApiFleet.StartAsync();
        await fleet.SendAsync(
            AgentEvents.Heartbeat("1", runner: AgentEvents.Runner("b-idle")),
            AgentEvents.Heartbeat("2", runner: AgentEvents.Runner("a-idle", "chrome")),
            AgentEvents.Heartbeat("3", runner: AgentEvents.Runner("c-cut"), state: State.Disconnected),
            AgentEvents.Heartbeat("4", runner: AgentEvents.Runner("d-gone").With(runner => runner.Scope = "github.com/other")));
        await fleet.SendAsync(AgentEvents.Stopped("5").With(stopped => stopped.Runner = AgentEvents.Runner("d-gone").With(runner => runner.Scope = "github.com/other")));

        var exporter = fleet.Exporter;
        Assert.Equal(["d-gone", "c-cut", "a-idle", "b-idle"], await exporter.ListAsync("runners"));
        Assert.Equal(["a-idle", "b-idle", "c-cut", "d-gone"], await exporter.ListAsync("runners?sort=name"));
        Assert.Equal(["d-gone", "c-cut", "b-idle", "a-idle"], await exporter.ListAsync("runners?sort=-name"));
        Assert.Equal(["a-idle"], await exporter.ListAsync("runners?type=chrome"));
        Assert.Equal(["d-gone"], await exporter.ListAsync("runners?scope=github.com/other"));
        Assert.Equal(["c-cut"], await exporter.ListAsync("runners?state=disconnected"));
        Assert.Equal(["a-idle", "b-idle"], await exporter.ListAsync("runners?q=IDLE"));
        foreach (var sort in (string[])["state", "name", "-name", "last_heard", "-last_heard"])
        {
            Assert.Equal(await exporter.ListAsync($"runners?sort={sort}"), await exporter.ListAllAsync($"runners?sort={sort}&limit=1"));
        }

        Assert.Equal(2, (int)(await exporter.AskAsync("runners?q=idle&limit=1"))["total"]!);
    }

    [Fact]
    public async Task Runner_ByName_TellsWhatIsKnownAndNothingElse()
    {
        await using var fleet = await ApiFleet.StartAsync();
        await fleet.SendAsync(AgentEvents.Heartbeat("1", state: State.Busy), fleet.Started(7));
        var runner = await fleet.Exporter.AskAsync("runner?name=r1");

        Assert.Equal(
            """{"name":"r1","type":"standard","scope":"github.com/acme","state":"busy","since":"2026-11-21T11:59:30+00:00","version":"2.336.0","started_at":"2026-11-21T11:43:20+00:00","last_heard_at":"2026-11-21T12:00:00+00:00","ephemeral":false,"agent":true,"open_jobs":1,"job":{"name":"job 7","workflow":"CI","repository":"acme/shop","run_id":7,"started_at":"2026-11-21T11:59:30+00:00","url":"https://github.com/acme/shop/actions/runs/7/attempts/1"}}""",
            runner.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
    }

    [Fact]
    public async Task Runner_OfWhichSeveralOrNoneAreMeant_IsSaidSo()
    {
        await using var fleet = await ApiFleet.StartAsync();
        await fleet.SendAsync(AgentEvents.Heartbeat("1"), AgentEvents.Heartbeat("2", runner: AgentEvents.Runner("r1", "chrome")));

        var (several, why) = await fleet.Exporter.RefusedAsync("runner?name=r1");
        Assert.Equal((HttpStatusCode.Conflict, true), (several, ((string)why["detail"]!).Contains("type=chrome&scope=github.com/acme", StringComparison.Ordinal)));
        Assert.Equal("chrome", (string?)(await fleet.Exporter.AskAsync("runner?name=r1&type=chrome"))["type"]);
        Assert.Equal(HttpStatusCode.NotFound, (await fleet.Exporter.RefusedAsync("runner?name=r2")).Status);
        Assert.Equal("name is missing: give one such as build-1.", (string?)(await fleet.Exporter.RefusedAsync("runner")).Problem["detail"]);
    }

    [Fact]
    public async Task Runner_DisconnectedTwice_IsSinceTheLaterTime()
    {
        await using var fleet = await ApiFleet.StartAsync();
        foreach (var (seconds, state) in ((int, State)[])[(-50, State.Disconnected), (-40, State.Idle), (-30, State.Disconnected), (-20, State.Disconnected)])
        {
            await fleet.SendAsync(AgentEvents.Heartbeat(fleet.Id(), seconds, state: state));
        }

        var runner = await fleet.Exporter.AskAsync("runner?name=r1");
        Assert.Equal(("disconnected", AgentEvents.Now.AddSeconds(-30)), ((string?)runner["state"], (DateTimeOffset)runner["since"]!));
    }

    [Fact]
    public async Task Runner_WhoseVersionGitHubRefuses_IsAStateOfItsOwnAndNoFleetThatIsWell()
    {
        await using var fleet = await ApiFleet.StartAsync();
        await fleet.SendAsync(AgentEvents.Heartbeat(fleet.Id(), -50));
        await fleet.SendAsync(AgentEvents.Stopped(fleet.Id(), -40).With(e => e.Stopped.Reason = "An error occured: Runner version v2.317.0 is deprecated and cannot receive messages."));

        var runner = await fleet.Exporter.AskAsync("runner?name=r1");
        Assert.Equal(("refused", AgentEvents.Now.AddSeconds(-40)), ((string?)runner["state"], (DateTimeOffset)runner["since"]!));
        Assert.Single((await fleet.Exporter.AskAsync("runners?state=refused"))["items"]!.AsArray());
        var counts = (await fleet.Exporter.AskAsync("summary"))["runners"]!;
        Assert.Equal((1, 0, 1), ((int)counts["refused"]!, (int)counts["offline"]!, (int)counts["total"]!));
        Assert.Contains("1 runner refused by GitHub for its version", await fleet.Exporter.Client.GetStringAsync("/", RunningExporter.Cancelled), StringComparison.Ordinal);
    }
}
