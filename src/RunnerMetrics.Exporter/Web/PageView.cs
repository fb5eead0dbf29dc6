using RunnerMetrics.Exporter.Api.Answers;

namespace RunnerMetrics.Exporter.Web;

/// <summary>What the first view of the page shows: answers of the API, as of one moment.</summary>
internal sealed record PageView
{
    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset Now { get; init; }

    public required SummaryAnswer Summary { get; init; }

    public required HealthAnswer Health { get; init; }

    /// <summary>What GitHub's API tells; null where it is not asked.</summary>
    public GitHubViewAnswer? GitHub { get; init; }

    /// <summary>The first runners, the worst off first.</summary>
    public required RunnersAnswer Runners { get; init; }

    /// <summary>Jobs that run; null where there is no history, as with what follows.</summary>
    public IReadOnlyList<JobAnswer>? Open { get; init; }

    public QueueAnswer? Queue { get; init; }

    /// <summary>The jobs that failed last.</summary>
    public IReadOnlyList<JobAnswer>? Failed { get; init; }

    public JobsAnswer? Jobs { get; init; }

    public DeploymentsAnswer? Deployments { get; init; }

    /// <summary>Why the history could not be read; null where it could.</summary>
    public string? Problem { get; init; }
}
