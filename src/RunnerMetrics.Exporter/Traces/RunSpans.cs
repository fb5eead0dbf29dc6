using System.Diagnostics;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Exporter.Traces;

/// <summary>The spans that an event adds to its run's trace. They follow from the event alone: sent again, they are the same.</summary>
/// <param name="tellsStarts">Whether a job that has started has a span before it ends.</param>
internal sealed class RunSpans(bool tellsStarts)
{
    /// <summary>The spans; none where a time is not known that they need.</summary>
    public IReadOnlyList<RunSpan> Of(FleetEvent happened) => happened switch
    {
        WorkflowRunEnded ended => [RunOf(ended)],
        WorkflowJobChanged { State: WorkflowJobState.Completed, Job.Outline: { } outline } changed => OfGitHub(changed.Job, outline),
        JobCompleted { Job.Repository.IsExcluded: false } completed => OfAgent(completed),
        WorkflowJobChanged { State: WorkflowJobState.InProgress, Job: { Outline: { } outline, StartedAt: { } startedAt } job } when tellsStarts =>
            [StartOf(TracedJob.Of(job, outline), startedAt)],
        JobStarted { Job.Repository.IsExcluded: false } started when tellsStarts => [StartOf(TracedJob.Of(started.Job, started.Runner), started.OccurredAt)],
        _ => [],
    };

    private static RunSpan RunOf(WorkflowRunEnded ended)
    {
        var result = TracedResult.Of(ended.Conclusion, null);
        var attributes = new SpanAttributes();
        attributes.AddRepository(ended.ServerUrl, ended.Repository, ended.HeadBranch, ended.HeadSha);
        attributes.AddRun(ended.ServerUrl, ended.Repository, ended.Workflow, ended.RunId, ended.RunAttempt);
        attributes.Add("cicd.pipeline.action.name", "RUN");
        attributes.Add("cicd.pipeline.result", result.Word);
        attributes.Add("error.type", result.ErrorType);
        var (id, attempt) = (ended.RunId, ended.RunAttempt);
        return new RunSpan(TraceIds.TraceOf(id, attempt), TraceIds.RunSpanOf(id, attempt), "", ended.Workflow.Length > 0 ? $"RUN {ended.Workflow}" : "RUN", ended.StartedAt, ended.OccurredAt)
        {
            Attributes = attributes.All,
            Error = result.Error,
            Previous = attempt <= 1 ? null : new ActivityLink(new ActivityContext(
                ActivityTraceId.CreateFromString(TraceIds.TraceOf(id, attempt - 1)), ActivitySpanId.CreateFromString(TraceIds.RunSpanOf(id, attempt - 1)), ActivityTraceFlags.Recorded)),
        };
    }

    private static List<RunSpan> OfGitHub(WorkflowJob told, JobOutline outline)
    {
        if (told is not { CompletedAt: { } completedAt } || (told.CreatedAt ?? told.StartedAt) is not { } from)
        {
            return [];
        }

        var job = TracedJob.Of(told, outline);
        List<RunSpan> spans = [SpanOf(job, from, completedAt, TracedResult.Of(outline.Conclusion, told.FailureReason))];
        if (told is { CreatedAt: { } createdAt, StartedAt: { } startedAt, RunnerName.Length: > 0 })
        {
            spans.Add(Part(job, TraceIds.QueueSpanOf(job.Id), $"queue-{job.Name}", createdAt, startedAt, new SpanAttributes()));
        }

        // The receiver gives steps of one name one id: here only the first of them has it.
        var sameNames = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var step in outline.Steps)
        {
            var before = sameNames[step.Name] = sameNames.GetValueOrDefault(step.Name, -1) + 1;
            var name = before == 0 ? step.Name : FormattableString.Invariant($"{step.Name}-{before}");
            spans.Add(StepOf(job, name, step.StartedAt, step.CompletedAt, TracedResult.Of(step.Conclusion, null)));
        }

        return spans;
    }

    // The agent knows of no step but that the job's own began: what it knows not is left out.
    private static List<RunSpan> OfAgent(JobCompleted completed)
    {
        if (completed is not { StartedAt: { } startedAt, CompletedAt: { } completedAt })
        {
            return [];
        }

        var job = TracedJob.Of(completed.Job, completed.Runner);
        var result = TracedResult.Of(completed.Conclusion, completed.FailureReason);
        List<RunSpan> spans = [SpanOf(job, startedAt, completedAt, result)];
        if (completed.StepsStartedAt is { } stepsStartedAt)
        {
            spans.Add(StepOf(job, "set up", startedAt, stepsStartedAt, TracedResult.None));
            spans.Add(StepOf(job, "run", stepsStartedAt, completedAt, result));
        }
        else
        {
            // It did not reach its steps, or the time is not known.
            spans.Add(StepOf(job, completed.FailureReason == JobFailureReason.Setup ? "set up" : "run", startedAt, completedAt, result));
        }

        return spans;
    }

    private static RunSpan SpanOf(TracedJob job, DateTimeOffset from, DateTimeOffset to, TracedResult result)
    {
        var attributes = job.Attributes();
        attributes.Add("cicd.pipeline.task.run.result", result.Word);
        attributes.Add("error.type", result.ErrorType);
        attributes.Add("runner_metrics.failure.reason", result.Reason);
        return new RunSpan(job.TraceId, job.SpanId, job.ParentId, job.Name, from, to) { Attributes = attributes.All, Error = result.Error };
    }

    private static RunSpan StartOf(TracedJob job, DateTimeOffset at)
    {
        var attributes = job.Attributes();
        attributes.Add("cicd.pipeline.run.state", "executing");
        return new RunSpan(job.TraceId, TraceIds.JobSpanOf($"{job.Id}-started"), job.SpanId, $"started-{job.Name}", at, at) { Attributes = attributes.All };
    }

    private static RunSpan StepOf(TracedJob job, string name, DateTimeOffset from, DateTimeOffset to, TracedResult result)
    {
        var attributes = new SpanAttributes();
        attributes.Add("cicd.pipeline.task.run.result", result.Word);
        attributes.Add("error.type", result.ErrorType);
        return Part(job, TraceIds.StepSpanOf(job.Id, name), name, from, to, attributes) with { Error = result.Error };
    }

    private static RunSpan Part(TracedJob job, string id, string name, DateTimeOffset from, DateTimeOffset to, SpanAttributes attributes)
    {
        attributes.Add("cicd.pipeline.task.name", name);
        return new RunSpan(job.TraceId, id, job.SpanId, name, from, to) { Attributes = attributes.All };
    }
}
