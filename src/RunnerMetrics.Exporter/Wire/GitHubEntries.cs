using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using DomainChanged = RunnerMetrics.Domain.Events.WorkflowJobChanged;
using DomainRunEnded = RunnerMetrics.Domain.Events.WorkflowRunEnded;
using EntryChanged = RunnerMetrics.Exporter.Wire.V1.WorkflowJobChanged;
using EntryOutline = RunnerMetrics.Exporter.Wire.V1.WorkflowJobChanged.Types.Outline;
using EntryRunEnded = RunnerMetrics.Exporter.Wire.V1.WorkflowRunEnded;
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
            Outline = ToEntry(job.Outline),
        };
    }

    public static EntryRunEnded ToEntry(DomainRunEnded ended) => new()
    {
        EventId = ended.EventId,
        OccurredAt = ended.OccurredAt.ToTimestamp(),
        ServerUrl = ended.ServerUrl,
        Repository = ended.Repository,
        Workflow = ended.Workflow,
        RunId = ended.RunId,
        RunAttempt = ended.RunAttempt,
        StartedAt = ended.StartedAt.ToTimestamp(),
        Conclusion = ended.Conclusion,
        HeadBranch = ended.HeadBranch,
        HeadSha = ended.HeadSha,
        OnlyTraced = ended.IsOnlyTraced,
    };

    public static DomainRunEnded FromEntry(EntryRunEnded entry) => new(
        entry.EventId, entry.OccurredAt.ToDateTimeOffset(), entry.ServerUrl, RepositoryName.Kept(entry.Repository), entry.Workflow, entry.RunId, entry.RunAttempt,
        entry.StartedAt.ToDateTimeOffset(), entry.Conclusion, entry.HeadBranch, entry.HeadSha)
    {
        IsOnlyTraced = entry.OnlyTraced,
    };

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
            Outline = FromEntry(entry.Outline),
        });

    private static EntryOutline? ToEntry(JobOutline? outline) => outline is null ? null : new EntryOutline
    {
        Conclusion = outline.Conclusion,
        HeadBranch = outline.HeadBranch,
        HeadSha = outline.HeadSha,
        Steps =
        {
            outline.Steps.Select(step => new EntryOutline.Types.Step
            {
                Name = step.Name, Conclusion = step.Conclusion, StartedAt = step.StartedAt.ToTimestamp(), CompletedAt = step.CompletedAt.ToTimestamp(),
            }),
        },
    };

    private static JobOutline? FromEntry(EntryOutline? entry) => entry is null ? null : new JobOutline(
        entry.Conclusion, entry.HeadBranch, entry.HeadSha,
        [.. entry.Steps.Select(step => new JobStep(step.Name, step.Conclusion, step.StartedAt.ToDateTimeOffset(), step.CompletedAt.ToDateTimeOffset()))]);
}
