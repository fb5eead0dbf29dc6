using System.Text;
using RunnerMetrics.Agent.Spool;
using RunnerMetrics.Contracts.V1;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Agent.Tests.Spool;

public class SpooledDeliveryTests
{
    [Fact]
    public async Task Run_SomeJobs_NumbersTheirEventsAndNotTheHeartbeats()
    {
        await using var agent = new SpooledAgent();
        agent.WriteJob();
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Events.Count == 2 && agent.Collector.Heartbeats.Count > 0, "two events and a heartbeat");
        agent.WriteJob(hoursLater: 1);
        await agent.UntilAsync(() => agent.Collector.Events.Count >= 4, "two more events");
        Assert.Equal(Enumerable.Range(1, agent.Collector.Events.Count).Select(n => (ulong)n), agent.Collector.Events.Select(e => e.Sequence));
        Assert.Single(agent.Collector.Batches.Select(b => b.SenderId).Distinct(), id => id.Length == 32);
        Assert.All(agent.Collector.Heartbeats, beat => Assert.Equal(("", 0UL), (beat.SenderId, beat.Events[0].Sequence)));
        Assert.Equal(0, await agent.EndAsync());
    }

    [Fact]
    public async Task Run_EventIsWritten_IsDurableBeforeItIsSent()
    {
        await using var agent = new SpooledAgent();
        var missing = 0;
        agent.Collector.Answer = sent =>
        {
            if (sent.Heartbeat is null)
            {
                using var spool = new SpoolStory(0).Open(agent.PowerCut.AfterCut());
                missing += spool.Next(500)!.Events.Any(e => e.Equals(sent)) ? 0 : 1;
            }

            return new EventResult { EventId = sent.EventId, Outcome = Outcome.Accepted };
        };
        agent.WriteJob();
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Events.Count == 2, "two events");
        Assert.Equal(0, missing);
    }

    [Fact]
    public async Task Run_DiskFull_BeatsOnAndDeliversEverythingOnceThereIsRoom()
    {
        await using var agent = new SpooledAgent();
        agent.Disk.Room = 0;
        agent.WriteJob();
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Heartbeats.Count > 5, "heartbeats");
        Assert.Empty(agent.Collector.Events);
        Assert.Single(agent.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
        agent.Disk.Room = null;
        await agent.UntilAsync(() => agent.Collector.Events.Count == 2, "two events");
        Assert.Equal([1UL, 2], agent.Collector.Events.Select(e => e.Sequence));
    }

    [Fact]
    public async Task Run_ToldToEnd_DeliversWhatWaits()
    {
        await using var agent = new SpooledAgent();
        agent.Collector.IsAway = true;
        agent.WriteJob();
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Tries > 4, "some tries");
        agent.Collector.IsAway = false;
        agent.TellToEnd();
        await agent.UntilAsync(() => agent.HasEnded, "the agent ends", step: 0);
        Assert.Equal(2, agent.Collector.Events.Count);
        Assert.Equal(0, await agent.EndAsync());
    }

    [Fact]
    public async Task Run_ToldToEndWhileTheCollectorIsAway_EndsIn3SecondsAndKeepsEverything()
    {
        await using var agent = new SpooledAgent();
        agent.Collector.IsAway = true;
        agent.WriteJob();
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Tries > 1, "some tries");
        var told = agent.Time.GetUtcNow();
        agent.TellToEnd();
        await agent.UntilAsync(() => agent.HasEnded, "the agent ends", step: 0.01);
        Assert.InRange(agent.Time.GetUtcNow() - told, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(4));
        Assert.Contains("Information Stopped; 2 events wait in the spool.", agent.Log.Lines);
        agent.Collector.IsAway = false;
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Events.Count == 2, "two events");
    }

    [Fact]
    public async Task Once_CollectorAwayAndThenNot_EndsWith1AndThenWith0()
    {
        await using var agent = new SpooledAgent();
        agent.WriteJob();
        agent.Collector.IsAway = true;
        Assert.Equal(1, await agent.OnceAsync());
        agent.Collector.IsAway = false;
        Assert.Equal(0, await agent.OnceAsync());
        Assert.Equal([1UL, 2], agent.Collector.Events.Select(e => e.Sequence));
        Assert.Equal(0, await agent.OnceAsync());
        Assert.Equal(2, agent.Collector.Events.Count);
    }

    [Fact]
    public async Task Once_DiskFull_EndsWith1()
    {
        await using var agent = new SpooledAgent();
        agent.WriteJob();
        agent.Disk.Room = 0;
        Assert.Equal(1, await agent.OnceAsync());
        Assert.Contains(agent.Log.Lines, line => line.Contains("cannot be written, so nothing can be delivered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_EventRejected_GoesToTheDeadLettersAndIsNotSentAgain()
    {
        await using var agent = new SpooledAgent();
        agent.Collector.Answer = sent => new EventResult
        {
            EventId = sent.EventId,
            Outcome = sent.JobStarted is null ? Outcome.Accepted : Outcome.Rejected,
            Reason = "too_old",
        };
        agent.WriteJob();
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Events.Count == 2, "two events");
        Assert.Equal(0, await agent.EndAsync());
        var line = Encoding.UTF8.GetString(agent.PowerCut.AfterCut()[DeadLetterFile.FileName]);
        Assert.Contains("\"reason\":\"too_old\"", line, StringComparison.Ordinal);
        Assert.Contains(agent.Collector.Events.Single(e => e.JobStarted is not null).EventId, line, StringComparison.Ordinal);
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Heartbeats.Count > 3, "heartbeats");
        Assert.Equal(2, agent.Collector.Events.Count);
    }

    [Fact]
    public async Task Run_EventUnsupported_IsKeptWhileOthersGoOn()
    {
        await using var agent = new SpooledAgent();
        var supports = false;
        agent.Collector.Answer = sent => new EventResult
        {
            EventId = sent.EventId,
            Outcome = sent.Sequence == 1 && !supports ? Outcome.Unsupported : Outcome.Accepted,
        };
        agent.WriteJob();
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Events.Count(e => e.Sequence == 1) == 5, "five tries of the first event");
        agent.WriteJob(hoursLater: 1);
        await agent.UntilAsync(() => agent.Collector.Events.Any(e => e.Sequence == 4), "the second job");
        Assert.Single(agent.Collector.Events, e => e.Sequence == 2);
        supports = true;
        var tries = agent.Collector.Events.Count(e => e.Sequence == 1);
        await agent.UntilAsync(() => agent.Collector.Events.Count(e => e.Sequence == 1) > tries, "another try");
        Assert.Equal(0, await agent.EndAsync());
        Assert.Contains("Information Stopped; 0 events wait in the spool.", agent.Log.Lines);
    }

    [Fact]
    public async Task Run_CollectorAwayForTooLong_CountsWhatIsLostInEveryHeartbeat()
    {
        await using var agent = new SpooledAgent();
        agent.WriteJob();
        agent.Collector.IsAway = true;
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Tries > 1, "some tries");
        Assert.Equal(0, await agent.EndAsync());
        agent.Time.Advance(TimeSpan.FromDays(31));
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Heartbeats[^1].Events[0].Heartbeat.EventsLost == 2, "a heartbeat that tells of two lost events");
        agent.Collector.IsAway = false;
        Assert.Equal(0, await agent.EndAsync());
        Assert.Empty(agent.Collector.Events);
    }

    [Fact]
    public async Task Run_SpoolRemovedWhileInUse_ReadsTheLogsAgainAsAnotherSender()
    {
        await using var agent = new SpooledAgent();
        agent.WriteJob();
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Events.Count == 2, "two events");
        agent.PowerCut.Delete(EventSpool.FileName);
        agent.WriteJob(hoursLater: 1);
        await agent.UntilAsync(() => agent.Collector.Events.Count > 4, "all events again");
        Assert.Equal(2, agent.Collector.Batches.Select(b => b.SenderId).Distinct().Count());
        Assert.Equal(agent.Collector.Events.Take(2).Select(e => e.EventId), agent.Collector.Events.Skip(2).Take(2).Select(e => e.EventId));
    }
}
