using RunnerMetrics.Exporter.Api.Answers;
using static RunnerMetrics.Exporter.Api.ApiParameters;

namespace RunnerMetrics.Exporter.Api;

/// <summary>Every call of the API. Requests are read by these descriptions, and the OpenAPI document is made of them.</summary>
internal static class ApiDescriptions
{
    public const string Root = "/api/v1";

    public static readonly ApiDescription Runners = new(
        $"{Root}/runners", "The runners that are known, the worst off first.", [Scope, RunnerType, RunnerState, RunnerText, RunnerSort, RunnerLimit, After], typeof(RunnersAnswer));

    public static readonly ApiDescription OneRunner = new($"{Root}/runner", "One runner. Where several have the name, scope and type say which is meant.", [Name, RunnerType, Scope], typeof(RunnerAnswer));

    public static readonly ApiDescription Jobs = new(
        $"{Root}/jobs", "Jobs of the history, those that wait and run too.",
        [Scope, Runner, RunnerType, Repository, Workflow, Conclusion, Reason, JobState, Text, From, Until, Sort, Limit, After, Format], typeof(JobsAnswer));

    public static readonly ApiDescription OneJob = new($"{Root}/jobs/{{id}}", "One job, by the id that a list of jobs gives it.", [], typeof(JobAnswer));

    public static readonly ApiDescription Queue = new($"{Root}/queue", "Jobs that wait for a runner, the longest first.", [RunnerType, Repository, Workflow, Text, Limit, After], typeof(QueueAnswer));

    public static readonly ApiDescription Deployments = new(
        $"{Root}/deployments", "Deployments of the history.", [Repository, ApiParameters.Environment, DeploymentState, From, Until, Sort, Limit, After], typeof(DeploymentsAnswer));

    public static readonly ApiDescription Summary = new($"{Root}/summary", "The fleet in numbers.", [Since], typeof(SummaryAnswer));

    public static readonly ApiDescription Health = new($"{Root}/health", "The exporter's own health.", [], typeof(HealthAnswer));

    public static readonly ApiDescription GitHub = new(
        $"{Root}/github", "What GitHub's API tells of runners and jobs that wait, and how asking it goes; 404 where it is not asked.", [], typeof(GitHubViewAnswer));

    public static readonly ApiDescription Events = new($"{Root}/events", "What happens, as server-sent events; Last-Event-ID goes on behind what was heard last.", [], null);

    public static IReadOnlyList<ApiDescription> All { get; } = [Summary, Runners, OneRunner, Jobs, OneJob, Queue, Deployments, GitHub, Health, Events];
}
