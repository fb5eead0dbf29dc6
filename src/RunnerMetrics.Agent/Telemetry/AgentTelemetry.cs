using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using RunnerMetrics.Exporter.Telemetry;
using RunnerMetrics.ServiceDefaults;

namespace RunnerMetrics.Agent.Telemetry;

/// <summary>What the agent tells of its own work by OpenTelemetry. Nothing of it costs anything while nobody listens.</summary>
public static class AgentTelemetry
{
    /// <summary>The name of the agent's activity source and of its meter.</summary>
    public const string SourceName = "RunnerMetrics.Agent";

    private static readonly string Version =
        typeof(AgentTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    private static readonly Meter Meter = new(SourceName, Version);

    /// <summary>The agent as a service.</summary>
    public static ServiceIdentity Identity { get; } = new("runner-metrics-agent", Version, [SourceName]);

    /// <summary>The agent as a service with the exporter in it, as <c>--standalone</c> runs it.</summary>
    public static ServiceIdentity StandaloneIdentity { get; } = Identity with { Sources = [.. Identity.Sources, .. ExporterTelemetry.Identity.Sources] };

    internal static ActivitySource Source { get; } = new(SourceName, Version);

    internal static Counter<long> Delivered { get; } =
        Meter.CreateCounter<long>("runner_metrics.agent.events.delivered", "{event}", "Events that the collector has settled.");

    internal static Histogram<double> DeliveryDuration { get; } =
        Meter.CreateHistogram<double>("runner_metrics.agent.delivery.duration", "s", "Time from sending a batch to its answer.");
}
