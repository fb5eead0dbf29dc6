using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Exporter.Traces;

/// <summary>A job as its spans name it.</summary>
/// <param name="Id">What its spans' ids are made of: GitHub's id of the job, else its key.</param>
/// <param name="JobId">GitHub's id; 0 if it is not known.</param>
/// <param name="RunId">Its run; 0 if it is not known: then it has a trace of its own.</param>
/// <param name="RunAttempt">The run's attempt.</param>
/// <param name="ServerUrl">GitHub's server.</param>
/// <param name="Repository">Its repository.</param>
/// <param name="Workflow">Its workflow.</param>
/// <param name="Name">Its display name.</param>
/// <param name="RunnerName">The runner that took it; empty if none did.</param>
/// <param name="RunnerType">That runner's type, or the one that is asked for.</param>
/// <param name="HeadBranch">The branch that it ran for.</param>
/// <param name="HeadSha">The commit that it ran for.</param>
internal sealed record TracedJob(
    string Id, long JobId, long RunId, int RunAttempt, string ServerUrl, RepositoryName Repository, string Workflow, string Name, string RunnerName, string RunnerType, string HeadBranch = "",
    string HeadSha = "")
{
    public string TraceId => RunId > 0 ? TraceIds.TraceOf(RunId, RunAttempt) : TraceIds.TraceOf(Id);

    public string SpanId => TraceIds.JobSpanOf(Id);

    public string ParentId => RunId > 0 ? TraceIds.RunSpanOf(RunId, RunAttempt) : "";

    public static TracedJob Of(WorkflowJob job, JobOutline outline) => new(
        TraceIds.TextOf(job.Id), job.Id, job.RunId, job.RunAttempt, job.ServerUrl, job.Repository, job.Workflow, job.Name, job.RunnerName, job.RunnerType, outline.HeadBranch, outline.HeadSha);

    public static TracedJob Of(JobIdentity job, RunnerIdentity runner) => new(
        job.CheckRunId > 0 ? TraceIds.TextOf(job.CheckRunId) : job.Key, job.CheckRunId, job.RunId, job.RunAttempt, job.ServerUrl, job.Repository, job.Workflow,
        job.Name.Length > 0 ? job.Name : "job", runner.Name, runner.Type);

    public SpanAttributes Attributes()
    {
        var attributes = new SpanAttributes();
        attributes.AddRepository(ServerUrl, Repository, HeadBranch, HeadSha);
        attributes.AddRun(ServerUrl, Repository, Workflow, RunId, RunAttempt);
        attributes.Add("cicd.pipeline.task.name", Name);
        attributes.Add("cicd.pipeline.task.run.id", JobId);
        attributes.Add("cicd.pipeline.task.run.url.full", attributes.JobUrl(JobId));
        attributes.Add("cicd.worker.name", RunnerName);
        attributes.Add("runner_metrics.runner.type", RunnerName.Length > 0 ? RunnerType : "");
        return attributes;
    }
}
