using System.Diagnostics;
using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Exporter.Telemetry;

/// <summary>One job as a trace: a root span, whose parts are added to it. Names of attributes are OpenTelemetry's for CI/CD (semantic conventions 1.37).</summary>
internal sealed class JobTrace : IDisposable
{
    private readonly Activity? _root;
    private readonly Activity? _around = Activity.Current;

    public JobTrace(DateTimeOffset from, DateTimeOffset to)
    {
        // A trace of its own, and not a part of the call that happened to bring the news, to which it links.
        Activity.Current = null;
        ActivityLink[] links = _around is null ? [] : [new ActivityLink(_around.Context)];
        _root = ExporterTelemetry.Source.StartActivity("job", ActivityKind.Internal, default(ActivityContext), links: links, startTime: from);
        _root?.SetEndTime((to < from ? from : to).UtcDateTime);
    }

    public void Describe(JobIdentity job, string runner, string type, JobConclusion conclusion, JobFailureReason? reason)
    {
        if (_root is null)
        {
            return;
        }

        if (job.Repository.IsExcluded)
        {
            job = new JobIdentity("");
        }

        Tag("vcs.repository.name", job.Repository);
        Tag("cicd.pipeline.name", job.Workflow);
        Tag("cicd.pipeline.task.name", job.Name);
        Tag("cicd.pipeline.run.id", job.RunId);
        Tag("cicd.pipeline.task.run.id", job.CheckRunId);
        Tag("cicd.worker.name", runner);
        Tag("runner_metrics.runner.type", type);
        Tag("runner_metrics.run.attempt", job.RunAttempt);
        Tag("runner_metrics.failure.reason", reason?.ToString().ToLowerInvariant() ?? "");
        Tag("cicd.pipeline.task.run.result", conclusion switch
        {
            JobConclusion.Success => "success",
            JobConclusion.Failed when reason == JobFailureReason.Job => "failure",
            JobConclusion.Cancelled => "cancellation",
            _ => "error",
        });
        if (job is { Name.Length: > 0 })
        {
            _root.DisplayName = $"job {job.Name}";
        }

        if (conclusion is JobConclusion.Failed or JobConclusion.Lost)
        {
            _root.SetStatus(ActivityStatusCode.Error);
        }
    }

    public void Add(string part, DateTimeOffset from, DateTimeOffset to)
    {
        if (_root is not null)
        {
            using var span = ExporterTelemetry.Source.StartActivity(part, ActivityKind.Internal, _root.Context, startTime: from);
            span?.SetEndTime((to < from ? from : to).UtcDateTime);
        }
    }

    public void Dispose()
    {
        _root?.Dispose();
        Activity.Current = _around;
    }

    // What is not known is left out.
    private void Tag(string name, string value)
    {
        if (value.Length > 0)
        {
            _root!.SetTag(name, value);
        }
    }

    private void Tag(string name, long value)
    {
        if (value != 0)
        {
            _root!.SetTag(name, value);
        }
    }
}
