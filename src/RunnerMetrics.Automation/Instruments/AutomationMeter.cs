using System.Diagnostics.Metrics;
using OpenTelemetry.Metrics;

namespace RunnerMetrics.Automation.Instruments;

/// <summary>The meter that all instruments of the library belong to.</summary>
public static class AutomationMeter
{
    /// <summary>Its name.</summary>
    public const string Name = "RunnerMetrics.Automation";

    // The most that one instrument of the library has: five statuses of each value of a limited label. Room is taken beforehand.
    private const int MostSeries = (5 * (LimitedLabel.MaxValues + 1)) + 50;

    /// <summary>Adds the library's instruments to a provider, in whose exporters they are then shown: Prometheus, OTLP.</summary>
    /// <param name="metrics">The provider that is being built.</param>
    /// <param name="meters">Those of this factory are added. OpenTelemetry alone would add those of every factory in the process.</param>
    public static MeterProviderBuilder AddAutomationMeter(this MeterProviderBuilder metrics, IMeterFactory meters)
    {
        var own = Of(meters);
        return metrics.AddMeter(Name).AddView(instrument =>
            instrument.Meter.Name != Name ? null
            : instrument.Meter.Scope == own.Scope ? new MetricStreamConfiguration { CardinalityLimit = MostSeries }
            : MetricStreamConfiguration.Drop);
    }

    // Without a scope, which the shorter overload would set: the factory's own is meant, also behind a factory that passes on to another.
    internal static Meter Of(IMeterFactory meters) => meters.Create(new MeterOptions(Name));
}
