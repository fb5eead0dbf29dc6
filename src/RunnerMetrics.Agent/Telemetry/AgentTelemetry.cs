using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;

namespace RunnerMetrics.Agent.Telemetry;

/// <summary>The agent's own telemetry by OpenTelemetry. It costs nothing while nobody listens.</summary>
public static class AgentTelemetry
{
    /// <summary>The name of the agent's activity source and of its meter.</summary>
    public const string SourceName = "RunnerMetrics.Agent";

    private static readonly string Version =
        typeof(AgentTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    private static readonly Meter Meter = new(SourceName, Version);

    /// <summary>What the agent calls itself; <c>OTEL_SERVICE_NAME</c> replaces it.</summary>
    public const string ServiceName = "runner-metrics-agent";

    internal static ActivitySource Source { get; } = new(SourceName, Version);

    internal static Counter<long> Delivered { get; } =
        Meter.CreateCounter<long>("runner_metrics.agent.events.delivered", "{event}", "Events that the collector has settled.");

    internal static Histogram<double> DeliveryDuration { get; } =
        Meter.CreateHistogram<double>("runner_metrics.agent.delivery.duration", "s", "Time from sending a batch to its answer.");
}
