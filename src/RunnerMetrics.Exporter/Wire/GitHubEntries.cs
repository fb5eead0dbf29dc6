using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using DomainChanged = RunnerMetrics.Domain.Events.WorkflowJobChanged;
using EntryChanged = RunnerMetrics.Exporter.Wire.V1.WorkflowJobChanged;
using WireCompleted = RunnerMetrics.Contracts.V1.JobCompleted;

namespace RunnerMetrics.Exporter.Wire;

/// <summary>Turns what GitHub says into entries, and entries back.</summary>
internal static class GitHubEntries
{
    public static EntryChanged ToEntry(DomainChanged changed)
    {
        var job = changed.Job;
        return new EntryChanged
        {
            EventId = changed.EventId,
            OccurredAt = changed.OccurredAt.ToTimestamp(),
            ReceivedAt = changed.ReceivedAt.ToTimestamp(),
            State = (EntryChanged.Types.State)(int)changed.State,
            Id = job.Id,
            CheckRunId = job.CheckRunId,
            ServerUrl = job.ServerUrl,
            Repository = job.Repository,
            Workflow = job.Workflow,
            Name = job.Name,
            RunId = job.RunId,
            RunAttempt = job.RunAttempt,
            RunnerType = job.RunnerType,
            RunnerName = job.RunnerName,
            RunnerId = job.RunnerId,
            RunnerIsEphemeral = job.RunnerIsEphemeral,
            Labels = { job.Labels },
            KnownRunnersOnly = job.CountsForKnownRunnersOnly,
            CreatedAt = job.CreatedAt?.ToTimestamp(),
            StartedAt = job.StartedAt?.ToTimestamp(),
            CompletedAt = job.CompletedAt?.ToTimestamp(),
            Conclusion = (WireCompleted.Types.Conclusion)(int)(job.Conclusion ?? 0),
            FailureReason = (WireCompleted.Types.FailureReason)(int)(job.FailureReason ?? 0),
        };
    }

    public static DomainChanged FromEntry(EntryChanged entry) => new(
        entry.EventId,
        entry.OccurredAt.ToDateTimeOffset(),
        entry.ReceivedAt.ToDateTimeOffset(),
        (WorkflowJobState)(int)entry.State,
        new WorkflowJob(entry.Id, entry.CheckRunId, entry.ServerUrl, RepositoryName.Kept(entry.Repository), entry.Workflow, entry.Name, entry.RunId, entry.RunAttempt, entry.RunnerType)
        {
            RunnerName = entry.RunnerName,
            RunnerId = entry.RunnerId,
            RunnerIsEphemeral = entry.RunnerIsEphemeral,
            Labels = [.. entry.Labels],
            CountsForKnownRunnersOnly = entry.KnownRunnersOnly,
            CreatedAt = entry.CreatedAt?.ToDateTimeOffset(),
            StartedAt = entry.StartedAt?.ToDateTimeOffset(),
            CompletedAt = entry.CompletedAt?.ToDateTimeOffset(),
            Conclusion = WireEvents.Known<JobConclusion>((int)entry.Conclusion),
            FailureReason = WireEvents.Known<JobFailureReason>((int)entry.FailureReason),
        });
}
