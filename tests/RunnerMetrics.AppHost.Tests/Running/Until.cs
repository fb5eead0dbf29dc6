using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>Waits for what a stack does.</summary>
internal static class Until
{
    private const int LastLines = 15;

    public static Task TrueAsync(Func<Task<bool>> isTrue, Func<string> state) => Wait.UntilAsync(isTrue, state, TestContext.Current.CancellationToken);

    /// <summary>Waits until a resource is healthy.</summary>
    public static Task HealthyAsync(DistributedApplication app, string name) =>
        Wait.UntilAsync(
            () => Task.FromResult(IsHealthy(app, name)),
            () => DescribeAsync(app, name),
            TestContext.Current.CancellationToken);

    /// <summary>Waits until a resource has ended.</summary>
    public static Task EndedAsync(DistributedApplication app, string name) =>
        Wait.UntilAsync(() => Task.FromResult(HasEnded(app, name)), () => DescribeAsync(app, name), TestContext.Current.CancellationToken);

    /// <summary>Whether a resource runs and is healthy.</summary>
    public static bool IsHealthy(DistributedApplication app, string name) =>
        StateOf(app, name) is { HealthStatus: HealthStatus.Healthy } state && state.State?.Text == KnownResourceStates.Running;

    /// <summary>Whether a resource has ended.</summary>
    public static bool HasEnded(DistributedApplication app, string name) => StateOf(app, name)?.State?.Text is { } state && KnownResourceStates.TerminalStates.Contains(state);

    /// <summary>What is known of a resource: its state, its health with the reasons, and its last words.</summary>
    public static async Task<string> DescribeAsync(DistributedApplication app, string name)
    {
        if (!app.ResourceNotifications.TryGetCurrentState(name, out var current))
        {
            return $"{name} is not there.";
        }

        var state = current.Snapshot;
        var reports = state.HealthReports.Select(report => $"{report.Name} {report.Status?.ToString() ?? "not run yet"}: {report.Description ?? report.ExceptionText}");
        var said = new List<string>();
        await foreach (var lines in app.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(current.ResourceId))
        {
            said.AddRange(lines.Select(line => line.Content));
        }

        return $"""
            {name} is {state.State?.Text ?? "in no state"} (exit code {state.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "none"}), {state.HealthStatus?.ToString() ?? "of no known health"} [{string.Join("; ", reports)}]. Its last words:
            {string.Join('\n', said.TakeLast(LastLines))}
            """;
    }

    private static CustomResourceSnapshot? StateOf(DistributedApplication app, string name) =>
        app.ResourceNotifications.TryGetCurrentState(name, out var current) ? current.Snapshot : null;
}
