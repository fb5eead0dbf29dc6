using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>Waits for a condition, never for a time.</summary>
internal static class Until
{
    // Far beyond what a slow machine takes: where it is reached, the condition will not come.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Waits until a resource is healthy.</summary>
    public static Task HealthyAsync(DistributedApplication app, string name)
    {
        return TrueAsync(() => Task.FromResult(State()?.HealthStatus == HealthStatus.Healthy), () => $"{name} is {State()?.State?.Text ?? "not there"}, {State()?.HealthStatus?.ToString() ?? "of no known health"}");

        CustomResourceSnapshot? State() => app.ResourceNotifications.TryGetCurrentState(name, out var current) ? current.Snapshot : null;
    }

    public static async Task TrueAsync(Func<Task<bool>> isTrue, Func<string> state)
    {
        var clock = Stopwatch.StartNew();
        while (!await isTrue())
        {
            Assert.True(clock.Elapsed < Limit, $"Not so within {Limit.TotalMinutes:F0} min: {state()}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken);
        }
    }
}
