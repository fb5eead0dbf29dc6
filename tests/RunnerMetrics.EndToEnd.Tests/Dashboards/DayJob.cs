using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>A job of the simulated day.</summary>
internal sealed record DayJob(int Id, string Type, string Repository, string Workflow, DateTimeOffset CreatedAt, TimeSpan Duration)
{
    public JobCompleted.Types.Conclusion Conclusion { get; init; } = JobCompleted.Types.Conclusion.Success;

    public JobCompleted.Types.FailureReason Reason { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset EndsAt => StartedAt + Duration;

    public string Status => Conclusion.ToString().ToLowerInvariant();
}
