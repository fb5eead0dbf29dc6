using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Exporter.Wire.V1;
using RunnerMetrics.Hosting.Folders;
using DomainChanged = RunnerMetrics.Domain.Events.WorkflowJobChanged;
using DomainCommits = RunnerMetrics.Domain.Events.CommitsSeen;
using DomainObserved = RunnerMetrics.Domain.Events.TimeObserved;
using DomainPolled = RunnerMetrics.Domain.Events.JobsPolled;
using DomainRunEnded = RunnerMetrics.Domain.Events.WorkflowRunEnded;
using DomainSeen = RunnerMetrics.Domain.Events.RunnerSeen;
using EntryObserved = RunnerMetrics.Exporter.Wire.V1.TimeObserved;
using EntryPolled = RunnerMetrics.Exporter.Wire.V1.JobsPolled;
using EntrySeen = RunnerMetrics.Exporter.Wire.V1.RunnerSeen;

namespace RunnerMetrics.Exporter.Wire;

/// <summary>Turns what happens into entries, and entries back.</summary>
internal static class FleetEntries
{
    /// <summary>An event that the exporter itself makes.</summary>
    public static Entry ToEntry(FleetEvent happened) => happened switch
    {
        DomainSeen seen => new Entry
        {
            RunnerSeen = new EntrySeen
            {
                EventId = seen.EventId,
                OccurredAt = seen.OccurredAt.ToTimestamp(),
                Runner = WireEvents.ToWire(seen.Runner),
                StartedAt = seen.StartedAt?.ToTimestamp(),
                State = (RunnerHeartbeat.Types.State)(int)(seen.State ?? 0),
                StateAt = seen.StateAt?.ToTimestamp(),
            },
        },
        RunnerSilent silent => new Entry { RunnerSilent = VerdictOf(silent, silent.RunnerScope, silent.RunnerName, silent.RunnerType, observed: silent.Observed) },
        RunnerForgotten forgotten => new Entry { RunnerForgotten = VerdictOf(forgotten, forgotten.RunnerScope, forgotten.RunnerName, forgotten.RunnerType, observed: forgotten.Observed) },
        JobGivenUp givenUp => new Entry { JobGivenUp = VerdictOf(givenUp, givenUp.RunnerScope, givenUp.RunnerName, givenUp.RunnerType, givenUp.JobKey) },
        FailureUnexplained unexplained => new Entry
        {
            FailureUnexplained = VerdictOf(unexplained, unexplained.RunnerScope, unexplained.RunnerName, unexplained.RunnerType, unexplained.JobKey),
        },
        DomainChanged changed => new Entry { WorkflowJobChanged = GitHubEntries.ToEntry(changed) },
        DomainRunEnded ended => new Entry { WorkflowRunEnded = GitHubEntries.ToEntry(ended) },
        DeploymentChanged deployment => new Entry { Event = DeploymentEntries.ToWire(deployment) },
        DomainCommits commits => new Entry { CommitsSeen = DeploymentEntries.ToEntry(commits) },
        DomainPolled polled => new Entry { JobsPolled = new EntryPolled { EventId = polled.EventId, OccurredAt = polled.OccurredAt.ToTimestamp(), Scope = polled.Scope } },
        QueuedJobExpired expired => new Entry { QueuedJobExpired = VerdictOf(expired, "", "", "", expired.JobKey) },
        DomainObserved observed => new Entry
        {
            TimeObserved = new EntryObserved { EventId = observed.EventId, OccurredAt = observed.OccurredAt.ToTimestamp(), ObservedTicks = observed.Observed.Ticks },
        },
        _ => throw new ArgumentException($"{happened.GetType().Name} has no entry", nameof(happened)),
    };

    /// <summary>What an entry said; null if it only settles a sequence.</summary>
    /// <exception cref="StorageException">A later exporter wrote it.</exception>
    public static FleetEvent? FromEntry(Entry entry) => entry.KindCase switch
    {
        Entry.KindOneofCase.Settled => null,
        Entry.KindOneofCase.Event => WireEvents.FromWire(entry.Event),
        Entry.KindOneofCase.RunnerSeen => new DomainSeen(
            entry.RunnerSeen.EventId, entry.RunnerSeen.OccurredAt.ToDateTimeOffset(), WireEvents.FromWire(entry.RunnerSeen.Runner), entry.RunnerSeen.StartedAt?.ToDateTimeOffset())
        {
            State = WireEvents.Known<RunnerState>((int)entry.RunnerSeen.State),
            StateAt = entry.RunnerSeen.StateAt?.ToDateTimeOffset(),
        },
        Entry.KindOneofCase.RunnerSilent => new RunnerSilent(
            entry.RunnerSilent.EventId, entry.RunnerSilent.OccurredAt.ToDateTimeOffset(), entry.RunnerSilent.RunnerName, entry.RunnerSilent.RunnerType)
        {
            RunnerScope = entry.RunnerSilent.RunnerScope,
            Observed = TimeSpan.FromTicks(entry.RunnerSilent.ObservedTicks),
        },
        Entry.KindOneofCase.RunnerForgotten => new RunnerForgotten(
            entry.RunnerForgotten.EventId, entry.RunnerForgotten.OccurredAt.ToDateTimeOffset(), entry.RunnerForgotten.RunnerName, entry.RunnerForgotten.RunnerType)
        {
            RunnerScope = entry.RunnerForgotten.RunnerScope,
            Observed = TimeSpan.FromTicks(entry.RunnerForgotten.ObservedTicks),
        },
        Entry.KindOneofCase.JobGivenUp => new JobGivenUp(
            entry.JobGivenUp.EventId, entry.JobGivenUp.OccurredAt.ToDateTimeOffset(), entry.JobGivenUp.RunnerName, entry.JobGivenUp.RunnerType, entry.JobGivenUp.JobKey)
        {
            RunnerScope = entry.JobGivenUp.RunnerScope,
        },
        Entry.KindOneofCase.FailureUnexplained => new FailureUnexplained(
            entry.FailureUnexplained.EventId, entry.FailureUnexplained.OccurredAt.ToDateTimeOffset(), entry.FailureUnexplained.RunnerName,
            entry.FailureUnexplained.RunnerType, entry.FailureUnexplained.JobKey)
        {
            RunnerScope = entry.FailureUnexplained.RunnerScope,
        },
        Entry.KindOneofCase.WorkflowJobChanged => GitHubEntries.FromEntry(entry.WorkflowJobChanged),
        Entry.KindOneofCase.WorkflowRunEnded => GitHubEntries.FromEntry(entry.WorkflowRunEnded),
        Entry.KindOneofCase.CommitsSeen => DeploymentEntries.FromEntry(entry.CommitsSeen),
        Entry.KindOneofCase.QueuedJobExpired => new QueuedJobExpired(
            entry.QueuedJobExpired.EventId, entry.QueuedJobExpired.OccurredAt.ToDateTimeOffset(), entry.QueuedJobExpired.JobKey),
        Entry.KindOneofCase.JobsPolled => new DomainPolled(entry.JobsPolled.EventId, entry.JobsPolled.OccurredAt.ToDateTimeOffset(), entry.JobsPolled.Scope),
        Entry.KindOneofCase.TimeObserved => new DomainObserved(
            entry.TimeObserved.EventId, entry.TimeObserved.OccurredAt.ToDateTimeOffset(), TimeSpan.FromTicks(entry.TimeObserved.ObservedTicks)),
        _ => throw WireEvents.Unknown("an entry"),
    };

    private static Verdict VerdictOf(FleetEvent verdict, string runnerScope, string runnerName, string runnerType, string jobKey = "", TimeSpan observed = default) => new()
    {
        EventId = verdict.EventId,
        OccurredAt = verdict.OccurredAt.ToTimestamp(),
        RunnerName = runnerName,
        RunnerType = runnerType,
        JobKey = jobKey,
        RunnerScope = runnerScope,
        ObservedTicks = observed.Ticks,
    };
}
