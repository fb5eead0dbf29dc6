using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RunnerMetrics.Exporter.Commits;

/// <summary>Whether events are taken: what <c>/ready</c> answers, and gRPC's health service too.</summary>
internal sealed class CommitHealth(CommitLoop commits) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(commits.NotReady is { } reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy());
}
