using System.ComponentModel;
using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Exporter.Api.Answers;

namespace RunnerMetrics.Exporter.Api.Events;

/// <summary>What happened, as the stream tells it. What is not known is absent.</summary>
internal sealed record EventAnswer
{
    [Description("When it happened.")]
    public required DateTimeOffset At { get; init; }

    [Description("The runner's name.")]
    public string? Runner { get; init; }

    [Description("The runner's type.")]
    public string? Type { get; init; }

    [Description("The runner's scope.")]
    public string? Scope { get; init; }

    [Description("The job's name.")]
    public string? Job { get; init; }

    [Description("The workflow's name.")]
    public string? Workflow { get; init; }

    [Description("owner/name.")]
    public string? Repository { get; init; }

    [Description("The run that the job is of.")]
    public long? RunId { get; init; }

    [Description("The deployment's id.")]
    public string? Deployment { get; init; }

    [Description("The environment that is deployed to.")]
    public string? Environment { get; init; }

    [Description("How a job ended: success, failed, cancelled or lost; or how far a deployment has come.")]
    public string? Conclusion { get; init; }

    [Description("Whose fault a failure was: job, setup, runner, unknown.")]
    public string? Reason { get; init; }

    /// <summary>What kind of event it is, and what it tells; null where it is nobody's business.</summary>
    public static (string Kind, EventAnswer Answer)? Of(FleetEvent happened) => happened switch
    {
        JobStarted started => ("job.started", Of(started, started.Runner, started.Job)),
        JobCompleted completed => ("job.completed", Of(completed, completed.Runner, completed.Job) with
        {
            Conclusion = JobAnswer.WordOf(completed.Conclusion),
            Reason = JobAnswer.WordOf(completed.FailureReason),
        }),
        JobGivenUp givenUp => ("job.completed", Of(givenUp, givenUp.RunnerName, givenUp.RunnerType, givenUp.RunnerScope) with { Conclusion = "lost" }),
        WorkflowJobChanged changed => (KindOf(changed.State), Of(changed)),
        QueuedJobExpired expired => ("job.expired", new EventAnswer { At = expired.OccurredAt }),
        RunnerSeen seen => ("runner.seen", Of(seen, seen.Runner)),
        RunnerStopped stopped => ("runner.stopped", Of(stopped, stopped.Runner)),
        RunnerSilent silent => ("runner.silent", Of(silent, silent.RunnerName, silent.RunnerType, silent.RunnerScope)),
        RunnerForgotten forgotten => ("runner.forgotten", Of(forgotten, forgotten.RunnerName, forgotten.RunnerType, forgotten.RunnerScope)),
        DeploymentChanged changed => ("deployment.changed", Of(changed, changed.Deployment)),
        _ => null,
    };

    private static string KindOf(WorkflowJobState state) => state switch
    {
        WorkflowJobState.Completed => "job.completed",
        WorkflowJobState.InProgress => "job.started",
        _ => "job.queued",
    };

    private static EventAnswer Of(FleetEvent happened, string runner, string type, string scope) =>
        new() { At = happened.OccurredAt, Runner = KnownText.OrNull(runner), Type = KnownText.OrNull(type), Scope = KnownText.OrNull(scope) };

    private static EventAnswer Of(FleetEvent happened, RunnerIdentity runner) => Of(happened, runner.Name, runner.Type, runner.Scope);

    private static EventAnswer Of(FleetEvent happened, RunnerIdentity runner, JobIdentity job) => Of(happened, runner) with
    {
        Job = KnownText.OrNull(job.Name),
        Workflow = KnownText.OrNull(job.Workflow),
        Repository = KnownText.RepositoryOrNull(job.Repository),
        RunId = job.RunId == 0 ? null : job.RunId,
    };

    private static EventAnswer Of(WorkflowJobChanged changed) => Of(changed, changed.Job.RunnerName, changed.Job.RunnerType, "") with
    {
        Job = KnownText.OrNull(changed.Job.Name),
        Workflow = KnownText.OrNull(changed.Job.Workflow),
        Repository = KnownText.RepositoryOrNull(changed.Job.Repository),
        RunId = changed.Job.RunId == 0 ? null : changed.Job.RunId,
        Conclusion = JobAnswer.WordOf(changed.Job.Conclusion),
        Reason = JobAnswer.WordOf(changed.Job.FailureReason),
    };

    private static EventAnswer Of(FleetEvent happened, Deployment deployment) => new()
    {
        At = happened.OccurredAt,
        Deployment = deployment.Id,
        Repository = KnownText.RepositoryOrNull(deployment.Repository),
        Environment = KnownText.OrNull(deployment.Environment),
        Conclusion = DeploymentAnswer.WordOf(deployment.State),
    };
}
