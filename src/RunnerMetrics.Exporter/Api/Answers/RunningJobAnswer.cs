using System.ComponentModel;
using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>The job that a runner runs. What is not known is absent.</summary>
internal sealed record RunningJobAnswer
{
    [Description("The job's name.")]
    public string? Name { get; init; }

    [Description("The workflow's name.")]
    public string? Workflow { get; init; }

    [Description("owner/name.")]
    public string? Repository { get; init; }

    [Description("The run that it is of.")]
    public long? RunId { get; init; }

    [Description("When it began.")]
    public required DateTimeOffset StartedAt { get; init; }

    [Description("GitHub's page of the run.")]
    public string? Url { get; init; }

    public static RunningJobAnswer Of(JobIdentity job, DateTimeOffset startedAt) => new()
    {
        Name = KnownText.OrNull(job.Name),
        Workflow = KnownText.OrNull(job.Workflow),
        Repository = KnownText.RepositoryOrNull(job.Repository),
        RunId = job.RunId == 0 ? null : job.RunId,
        StartedAt = startedAt,
        Url = GitHubLinks.RunOf(GitHubServer.HostOf(job.ServerUrl), job.Repository, job.RunId, job.RunAttempt),
    };
}
