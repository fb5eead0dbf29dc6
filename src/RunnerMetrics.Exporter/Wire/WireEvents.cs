using System.Runtime.CompilerServices;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Hosting.Folders;
using DomainCompleted = RunnerMetrics.Domain.Events.JobCompleted;
using DomainDeployment = RunnerMetrics.Domain.Deployments.Deployment;
using DomainIncident = RunnerMetrics.Domain.Deployments.Incident;
using DomainStarted = RunnerMetrics.Domain.Events.JobStarted;
using DomainStopped = RunnerMetrics.Domain.Events.RunnerStopped;
using WireDeployment = RunnerMetrics.Contracts.V1.Deployment;

namespace RunnerMetrics.Exporter.Wire;

/// <summary>
/// Turns an event of a sender into what it says. Nothing is judged here: what comes in was judged before, and what was kept stays what it was, whatever the rules are today.
/// </summary>
internal static class WireEvents
{
    /// <summary>What an event says that is folded in.</summary>
    /// <exception cref="StorageException">It has a payload or a value that only a later exporter knows.</exception>
    public static FleetEvent FromWire(Event wire)
    {
        var at = WireTime.Read(wire.OccurredAt) ?? default;
        return wire.PayloadCase switch
        {
            Event.PayloadOneofCase.Stopped => new DomainStopped(wire.EventId, at, FromWire(wire.Runner), wire.Stopped.Reason),
            Event.PayloadOneofCase.JobStarted => new DomainStarted(wire.EventId, at, FromWire(wire.Runner), FromWire(wire.JobStarted.Job)),
            Event.PayloadOneofCase.JobCompleted => Completed(wire, at),
            Event.PayloadOneofCase.Cache => new CacheReported(wire.EventId, at, FromWire(wire.Runner), wire.Cache.CacheType, wire.Cache.Hits, wire.Cache.Misses)
            {
                UnknownLines = wire.Cache.UnknownLines,
            },
            Event.PayloadOneofCase.Deployment => new DeploymentChanged(wire.EventId, at, FromWire(wire.Deployment)),
            Event.PayloadOneofCase.Incident => new IncidentChanged(wire.EventId, at, FromWire(wire.Incident)),
            _ => throw Unknown("a payload"),
        };
    }

    /// <summary>A runner.</summary>
    public static RunnerIdentity FromWire(Runner wire) =>
        RunnerIdentity.Kept(wire.Name, wire.Type, wire.Version, wire.Ephemeral, wire.InstanceId, wire.Scope) with { Id = wire.Id };

    /// <summary>A runner, for the wire.</summary>
    public static Runner ToWire(RunnerIdentity runner) => new()
    {
        Name = runner.Name,
        Type = runner.Type,
        Version = runner.Version,
        Ephemeral = runner.Ephemeral,
        InstanceId = runner.InstanceId,
        Scope = runner.Scope,
        Id = runner.Id,
    };

    /// <summary>A value of an enumeration that the domain has too, under the same number; null if it is not given.</summary>
    /// <exception cref="StorageException">Only a later exporter knows it.</exception>
    public static T? Known<T>(int value)
        where T : struct, Enum
    {
        if (value == 0)
        {
            return null;
        }

        var known = Unsafe.BitCast<int, T>(value);
        return Enum.IsDefined(known) ? known : throw Unknown($"a {typeof(T).Name}");
    }

    private static JobIdentity FromWire(Job wire) => new(
        wire.JobKey, wire.JobId, wire.ServerUrl, RepositoryName.Kept(wire.Repository), wire.Workflow, wire.Name, wire.RunId, wire.RunAttempt, wire.CheckRunId);

    private static DomainCompleted Completed(Event wire, DateTimeOffset at)
    {
        var completed = wire.JobCompleted;
        return new DomainCompleted(
            wire.EventId, at, FromWire(wire.Runner), FromWire(completed.Job), Known<JobConclusion>((int)completed.Conclusion) ?? throw Unknown("no conclusion"),
            Known<JobFailureReason>((int)completed.FailureReason), WireTime.Read(completed.StartedAt), WireTime.Read(completed.CompletedAt))
        {
            StepsStartedAt = WireTime.Read(completed.StepsStartedAt),
        };
    }

    private static DomainDeployment FromWire(WireDeployment wire)
    {
        var state = wire.State switch
        {
            WireDeployment.Types.State.Pending => DeploymentState.Pending,
            WireDeployment.Types.State.InProgress => DeploymentState.InProgress,
            WireDeployment.Types.State.Success => DeploymentState.Success,
            WireDeployment.Types.State.Failure => DeploymentState.Failure,
            _ => throw Unknown("a state of a deployment"),
        };
        return new DomainDeployment(wire.DeploymentId, wire.ServerUrl, RepositoryName.Kept(wire.Repository), EnvironmentName.Kept(wire.Environment), state)
        {
            Sha = CommitSha.Kept(wire.Sha),
            HeadCommittedAt = WireTime.Read(wire.HeadCommittedAt),
            OldestCommittedAt = WireTime.Read(wire.OldestCommittedAt),
            FinishedAt = state >= DeploymentState.Success ? WireTime.Read(wire.FinishedAt) : null,
            IsRework = wire.Rework,
        };
    }

    private static DomainIncident FromWire(Contracts.V1.Incident wire) => new(wire.IncidentId, wire.ServerUrl, RepositoryName.Kept(wire.Repository), EnvironmentName.Kept(wire.Environment))
    {
        DeploymentId = wire.DeploymentId,
        OpenedAt = WireTime.Read(wire.OpenedAt),
        ResolvedAt = WireTime.Read(wire.ResolvedAt),
    };

    /// <summary>What is in a store and cannot be understood.</summary>
    public static StorageException Unknown(string what) =>
        new($"the store contains {what} that this exporter does not know: run the version that wrote it, or a later one");
}
