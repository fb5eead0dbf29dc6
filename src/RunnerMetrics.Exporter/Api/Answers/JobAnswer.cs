using System.ComponentModel;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter.Store;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>A job. What is not known is absent.</summary>
internal sealed record JobAnswer
{
    [Description("Its id here.")]
    public required string Id { get; init; }

    [Description("The job's name.")]
    public string? Name { get; init; }

    [Description("The workflow's name.")]
    public string? Workflow { get; init; }

    [Description("owner/name.")]
    public string? Repository { get; init; }

    [Description("waiting (for an approval or another job), queued (for a runner), running, unresolved (it began, and nobody told its end), or completed.")]
    public required string State { get; init; }

    [Description("How it ended, as it was told first: success, failed, cancelled, lost. Absent while it is open, and where it never ran.")]
    public string? Conclusion { get; init; }

    [Description("Whose fault a failure was: job, setup, runner, unknown.")]
    public string? Reason { get; init; }

    [Description("The name of its runner.")]
    public string? Runner { get; init; }

    [Description("The type of its runner, or the one that it asks for.")]
    public string? Type { get; init; }

    [Description("The scope of its runner.")]
    public string? Scope { get; init; }

    [Description("The run that it is of.")]
    public long? RunId { get; init; }

    [Description("The run's attempt, from 1.")]
    public int? RunAttempt { get; init; }

    [Description("Its check run.")]
    public long? CheckRunId { get; init; }

    [Description("When it was queued, by GitHub's word.")]
    public DateTimeOffset? QueuedAt { get; init; }

    [Description("When a runner took it.")]
    public DateTimeOffset? StartedAt { get; init; }

    [Description("When its own first step began.")]
    public DateTimeOffset? StepsStartedAt { get; init; }

    [Description("When it ended.")]
    public DateTimeOffset? CompletedAt { get; init; }

    [Description("How long it waited for its runner, in seconds.")]
    public double? WaitSeconds { get; init; }

    [Description("How long the runner set it up, in seconds.")]
    public double? SetupSeconds { get; init; }

    [Description("How long it ran from its first own step on, in seconds; from its start where that step is not known.")]
    public double? RunSeconds { get; init; }

    [Description("GitHub's page of the run.")]
    public string? Url { get; init; }

    public static JobAnswer Of(HistoryJob job, bool isUnresolved) => new()
    {
        Id = job.Place.ToString(),
        Name = KnownText.OrNull(job.Name),
        Workflow = KnownText.OrNull(job.Workflow),
        Repository = KnownText.RepositoryOrNull(job.Repository),
        State = StateOf(job, isUnresolved),
        Conclusion = WordOf(job.Conclusion),
        Reason = WordOf(job.Reason),
        Runner = KnownText.OrNull(job.RunnerName),
        Type = KnownText.OrNull(job.RunnerType),
        Scope = KnownText.OrNull(job.Scope),
        RunId = job.RunId == 0 ? null : job.RunId,
        RunAttempt = job.RunAttempt == 0 ? null : job.RunAttempt,
        CheckRunId = job.CheckRunId == 0 ? null : job.CheckRunId,
        QueuedAt = job.QueuedAt,
        StartedAt = job.StartedAt,
        StepsStartedAt = job.StepsStartedAt,
        CompletedAt = job.CompletedAt,
        WaitSeconds = Between(job.QueuedAt, job.StartedAt),
        SetupSeconds = Between(job.StartedAt, job.StepsStartedAt),
        RunSeconds = Between(job.StepsStartedAt ?? job.StartedAt, job.CompletedAt),
        Url = GitHubLinks.RunOf(job.Host, job.Repository, job.RunId, job.RunAttempt),
    };

    private static string StateOf(HistoryJob job, bool isUnresolved) => job.State switch
    {
        WorkflowJobState.Waiting => "waiting",
        WorkflowJobState.Queued => "queued",
        WorkflowJobState.InProgress => isUnresolved ? "unresolved" : "running",
        _ => "completed",
    };

    public static string? WordOf(JobConclusion? conclusion) => conclusion switch
    {
        JobConclusion.Success => "success",
        JobConclusion.Failed => "failed",
        JobConclusion.Cancelled => "cancelled",
        JobConclusion.Lost => "lost",
        _ => null,
    };

    public static string? WordOf(JobFailureReason? reason) => reason switch
    {
        JobFailureReason.Job => "job",
        JobFailureReason.Setup => "setup",
        JobFailureReason.Runner => "runner",
        JobFailureReason.Unknown => "unknown",
        _ => null,
    };

    // Two clocks may differ: what would be less than nothing is nothing, as with the queue times that are counted.
    private static double? Between(DateTimeOffset? from, DateTimeOffset? to) => to - from is { } time ? Math.Max(0, Math.Round(time.TotalSeconds, 3)) : null;
}
