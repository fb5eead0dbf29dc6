using System.Net;
using RunnerMetrics.Exporter.Api.Events;
using RunnerMetrics.Exporter.Listening;
using RunnerMetrics.Exporter.Live;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;

namespace RunnerMetrics.Exporter.Tests.Api;

public class EventStreamTests
{
    [Fact]
    public async Task Events_OfAJob_AreHeardAsTheyBecomeDurable()
    {
        await using var fleet = await ApiFleet.StartAsync();
        using var events = await EventReader.ConnectAsync(fleet.Exporter.Http);
        Assert.Equal("hello", (await events.NextAsync())!.Value.Kind);

        await fleet.SendAsync(AgentEvents.Heartbeat("1"), fleet.Started(5), fleet.Job(5, Conclusion.Failed), AgentEvents.Deployment("d", "17"));
        Assert.Equal(["runner.seen", "job.started"], (await events.NextKindsAsync(2)).Order().Reverse());
        Assert.Equal(
            ("job.completed", """{"at":"2026-11-21T11:55:45+00:00","runner":"r1","type":"standard","scope":"github.com/acme","job":"job 5","workflow":"CI","repository":"acme/shop","run_id":5,"conclusion":"failed","reason":"job"}"""),
            Plain(await events.NextAsync()));
        Assert.Equal(("deployment.changed", """{"at":"2026-11-21T12:00:00+00:00","repository":"acme/shop","deployment":"17","environment":"production","conclusion":"success"}"""), Plain(await events.NextAsync()));
    }

    [Fact]
    public async Task Events_WhoComesBack_GoesOnBehindTheLastThatItHeard()
    {
        await using var fleet = await ApiFleet.StartAsync();
        string last;
        using (var events = await EventReader.ConnectAsync(fleet.Exporter.Http))
        {
            await fleet.SendAsync(fleet.Job(1));
            Assert.Equal(["hello", "job.completed"], await events.NextKindsAsync(2));
            last = events.LastId;
        }

        await fleet.SendAsync(fleet.Job(2), fleet.Job(3));
        using var again = await EventReader.ConnectAsync(fleet.Exporter.Http, last);
        Assert.Equal("hello", (await again.NextAsync())!.Value.Kind);
        Assert.Contains("job 2", (await again.NextAsync())!.Value.Data, StringComparison.Ordinal);
        Assert.Contains("job 3", (await again.NextAsync())!.Value.Data, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0123456789ab-0")]
    [InlineData("nonsense")]
    [InlineData("-1")]
    public async Task Events_WhoComesBackFromAnotherLife_IsToldToReadAllAgain(string last)
    {
        await using var exporter = await RunningExporter.StartAsync();
        using var events = await EventReader.ConnectAsync(exporter.Http, last);

        Assert.Equal("reset", (await events.NextAsync())!.Value.Kind);
    }

    [Fact]
    public void Feed_WhoIsTooSlow_HasMissedSomethingAndIsToldSo()
    {
        var feed = new LiveFeed(TimeProvider.System);
        Assert.True(feed.TryWatch(1));
        var happened = new Domain.Events.QueuedJobExpired("e", AgentEvents.Now, "00");
        for (var i = 0; i < LiveFeed.Capacity + 10; i++)
        {
            feed.Add([happened]);
        }

        Assert.Null(feed.Read(9, 1));
        Assert.Equal(5, feed.Read(10, 5)!.Count);
        Assert.Empty(feed.Read(feed.Next, 5)!);
        Assert.Null(feed.Read(feed.Next + 1, 5));
        Assert.Null(feed.Read(-1, 5));
        Assert.True(feed.WaitAsync(feed.Next - 1, RunningExporter.Cancelled).IsCompletedSuccessfully);
        var waits = feed.WaitAsync(feed.Next, RunningExporter.Cancelled);
        Assert.False(waits.IsCompleted);
        feed.Add([]);
        feed.Add([new Domain.Events.TimeObserved("e", AgentEvents.Now, TimeSpan.Zero)]); // is told to nobody
        Assert.False(waits.IsCompleted);
        Assert.Empty(feed.Read(feed.Next, 5)!);
        feed.Add([happened]);
        Assert.Single(feed.Read(feed.Next - 1, 5)!);
    }

    [Fact]
    public void Feed_WhileNobodyWatches_RemembersNothing()
    {
        var clock = new ManualTimeProvider(AgentEvents.Now);
        var feed = new LiveFeed(clock);
        var happened = new Domain.Events.QueuedJobExpired("e", AgentEvents.Now, "00");
        feed.Add([happened, happened]);
        Assert.Null(feed.Read(0, 1));
        Assert.Equal(2, feed.Next);

        Assert.True(feed.TryWatch(1));
        Assert.False(feed.TryWatch(1));
        feed.Add([happened]);
        feed.Leave();
        clock.Advance(LiveFeed.Remembrance);
        feed.Add([happened]);
        Assert.Equal(2, feed.Read(2, 9)!.Count);
        clock.Advance(TimeSpan.FromSeconds(1));
        feed.Add([happened]);
        Assert.Null(feed.Read(2, 1));
        Assert.Empty(feed.Read(feed.Next, 1)!);
    }

    [Fact]
    public async Task Events_WhoeverWatches_HoldsUpNeitherTheEndNorOthersThanTheOneTooMany()
    {
        var exporter = await RunningExporter.StartAsync();
        List<EventReader> watchers = [];
        try
        {
            for (var i = 0; i < EventStream.MostWatchers; i++)
            {
                watchers.Add(await EventReader.ConnectAsync(exporter.Http));
                Assert.Equal("hello", (await watchers[i].NextAsync())!.Value.Kind);
            }

            var (status, problem) = await exporter.RefusedAsync("events");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Contains("64 clients watch already", (string)problem["detail"]!, StringComparison.Ordinal);

            watchers[0].Dispose();
            await Wait.UntilAsync(
                async () =>
                {
                    using var answer = await exporter.Client.GetAsync(new Uri("/api/v1/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, RunningExporter.Cancelled);
                    return answer.IsSuccessStatusCode;
                },
                "somebody else may watch");
        }
        finally
        {
            await exporter.DisposeAsync();
            watchers.ForEach(watcher => watcher.Dispose());
        }
    }

    [Theory]
    [InlineData(65_536, 64)]
    [InlineData(40, 10)]
    [InlineData(16, 4)]
    public void MostOf_Connections_LeavesMostOfThemToOthers(int connections, int watchers) => Assert.Equal(watchers, EventStream.MostOf(new EdgeLimits(0, connections, 16)));

    [Fact]
    public async Task Events_WhereNothingHappens_AreKeptAlive()
    {
        await using var exporter = await RunningExporter.StartAsync();
        using var answer = await exporter.Client.GetAsync(new Uri("/api/v1/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, RunningExporter.Cancelled);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(RunningExporter.Cancelled));
        string? line;
        do
        {
            line = await lines.ReadLineAsync(RunningExporter.Cancelled);
        }
        while (line?.StartsWith("data: ", StringComparison.Ordinal) == false);
        Assert.Equal("", await lines.ReadLineAsync(RunningExporter.Cancelled));

        var next = lines.ReadLineAsync(RunningExporter.Cancelled).AsTask();
        while (!next.IsCompleted)
        {
            await exporter.Clock.AdvanceAsync(TimeSpan.FromSeconds(5), () => next.IsCompleted);
        }

        Assert.Equal(["event: alive", "data:", ""], [await next, await lines.ReadLineAsync(RunningExporter.Cancelled), await lines.ReadLineAsync(RunningExporter.Cancelled)]);
    }

    private static (string Kind, string Data)? Plain((string Kind, string Data)? heard) => (heard!.Value.Kind, heard.Value.Data.Replace("\\u002B", "+", StringComparison.Ordinal));
}
