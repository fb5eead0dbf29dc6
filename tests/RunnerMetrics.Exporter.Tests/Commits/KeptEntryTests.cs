using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Exporter.Intake;
using RunnerMetrics.Exporter.Tests.Store;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Exporter.Wire;
using RunnerMetrics.Hosting.Folders;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Commits;

/// <summary>What was kept was judged when it came in, by the rules of that day: a rule that is tightened later stops no store from being read.</summary>
public sealed class KeptEntryTests : IDisposable
{
    private static readonly EventReader Today = new(AgentEvents.Now, TimeSpan.Zero, AgentEvents.Now, TimeSpan.FromDays(35));

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Refused => [.. RefusedToday.Keys];

    private static Dictionary<string, Event> RefusedToday { get; } = new()
    {
        ["a runner's name of 1,000 characters"] = AgentEvents.Completed("e", "j", runner: AgentEvents.Runner(new string('n', 1000))),
        ["a reserved name"] = AgentEvents.Completed("e", "j", runner: AgentEvents.Runner("other")),
        ["a type in capitals"] = AgentEvents.Completed("e", "j", runner: AgentEvents.Runner(type: "Chrome")),
        ["a time far ahead"] = AgentEvents.Completed("e", "j").With(wire => wire.OccurredAt = wire.JobCompleted.CompletedAt = Timestamp.FromDateTimeOffset(AgentEvents.Now.AddYears(70))),
        ["a time of long ago"] = AgentEvents.Completed("e", "j").With(wire => wire.OccurredAt = wire.JobCompleted.CompletedAt = wire.JobCompleted.StartedAt = new Timestamp()),
        ["an end before its start"] = AgentEvents.Completed("e", "j", from: 0, to: -60),
        ["a job that is named for too long"] = AgentEvents.Completed("e", "j").With(wire => wire.JobCompleted.Job.Name = new string('n', 5000)),
        ["a run of a negative number"] = AgentEvents.Completed("e", "j").With(wire => wire.JobCompleted.Job.RunId = -1),
        ["a key with a line's end in it"] = AgentEvents.Completed("e", "a\nb"),
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Replay_EntryThatTodaysRulesRefuse_CountsAsItDid(string what)
    {
        var wire = RefusedToday[what];
        Assert.NotNull(Today.Read(wire).Refusal);
        string before;
        await using (var rig = StoreRig.Start(_folder.Path))
        {
            Assert.Equal(ApplyOutcome.Accepted, Assert.Single(await rig.Loop.SubmitAsync([CommitItem.Of(wire, WireEvents.FromWire(wire), default)])).Outcome);
            before = rig.Text();
            Assert.Equal(before, await rig.TextAfterKillAsync());
        }

        // A clean stop leaves a snapshot, which is believed too.
        await using (var rig = StoreRig.Start(_folder.Path))
        {
            Assert.Equal(before, rig.Text());
        }

        Assert.Contains("status=\"success\"} 1", before, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EveryKindOfEventOfASender_IsWhatWasFolded()
    {
        Event[] sent =
        [
            AgentEvents.Started("a", "j"), AgentEvents.Stopped("b"), AgentEvents.Completed("c", "j", conclusion: Contracts.V1.JobCompleted.Types.Conclusion.Failed), AgentEvents.Cache("d"),
            AgentEvents.Deployment("e", "7"), AgentEvents.Deployment("f", "7", state: Deployment.Types.State.Pending), AgentEvents.Incident("g", "i", opened: -60, resolved: -1),
        ];
        var late = new EventReader(AgentEvents.Now.AddHours(-1), TimeSpan.FromHours(1), AgentEvents.Now, TimeSpan.FromDays(35));
        foreach (var wire in sent)
        {
            foreach (var (reader, shift) in new[] { (Today, TimeSpan.Zero), (late, TimeSpan.FromHours(1)) })
            {
                var reading = reader.Read(WireTime.Shifted(wire, -shift));
                var kept = CommitItem.Read(CommitItem.Of(reading.Kept!, reading.Event!, new EventSource("s", 1)).Entry);

                Assert.Equal(reading.Event, kept.Event);
                Assert.Equal(WireEvents.FromWire(wire), kept.Event);
            }
        }
    }

    [Fact]
    public void Read_WhatOnlyALaterExporterKnows_SaysWhichToRun()
    {
        var entry = new Exporter.Wire.V1.Entry { Event = AgentEvents.Completed("e", "j").With(wire => wire.JobCompleted.Conclusion = (Contracts.V1.JobCompleted.Types.Conclusion)9) };

        Assert.Contains("run the version that wrote it", Assert.Throws<StorageException>(() => CommitItem.Read(entry)).Message, StringComparison.Ordinal);
        Assert.Throws<StorageException>(() => CommitItem.Read(new Exporter.Wire.V1.Entry()));
        Assert.Throws<StorageException>(() => CommitItem.Read(new Exporter.Wire.V1.Entry { Event = new Event { EventId = "e" } }));
    }
}
