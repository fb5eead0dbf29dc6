using Microsoft.Extensions.Diagnostics.HealthChecks;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>Waits for what a stack does.</summary>
internal static class Until
{
    public static Task TrueAsync(Func<Task<bool>> isTrue, Func<string> state) => Wait.UntilAsync(isTrue, state, TestContext.Current.CancellationToken);

    /// <summary>Waits until a resource is healthy.</summary>
    public static Task HealthyAsync(DistributedApplication app, string name)
    {
        return TrueAsync(() => Task.FromResult(State()?.HealthStatus == HealthStatus.Healthy), () => $"{name} is {State()?.State?.Text ?? "not there"}, {State()?.HealthStatus?.ToString() ?? "of no known health"}");

        CustomResourceSnapshot? State() => app.ResourceNotifications.TryGetCurrentState(name, out var current) ? current.Snapshot : null;
    }
}
