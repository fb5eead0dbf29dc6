using RunnerMetrics.Exporter.FleetMetrics.Otlp;

namespace RunnerMetrics.Exporter.FleetMetrics;

/// <summary>A metric of OpenTelemetry's semantic conventions for CI/CD, without its values.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit (UCUM).</param>
/// <param name="Description">What it counts here.</param>
internal sealed record FleetMetric(string Name, string Unit, string Description)
{
    public static FleetMetric RunDuration { get; } = new("cicd.pipeline.run.duration", "s", "How long attempts of workflow runs took from their start to their end, waits included.") { IsHistogram = true };

    public static FleetMetric RunsActive { get; } = new("cicd.pipeline.run.active", "{run}", "Workflow runs with a job that waits or runs now.");

    public static FleetMetric Workers { get; } = new("cicd.worker.count", "{worker}", "Runners by state.");

    public static FleetMetric RunErrors { get; } = new("cicd.pipeline.run.errors", "{error}", "Jobs of workflow runs that failed or were lost.") { IsMonotonic = true };

    public static FleetMetric SystemErrors { get; } = new("cicd.system.errors", "{error}", "Jobs that the runner or their set-up failed, and jobs that were lost.") { IsMonotonic = true };

    private bool IsHistogram { get; init; }

    private bool IsMonotonic { get; init; }

    /// <summary>The metric as a message, without points.</summary>
    public Metric ToMessage() => IsHistogram
        ? new Metric { Name = Name, Unit = Unit, Description = Description, Histogram = new Histogram { Temporality = Temporality.Cumulative } }
        : new Metric { Name = Name, Unit = Unit, Description = Description, Sum = new Sum { Temporality = Temporality.Cumulative, IsMonotonic = IsMonotonic } };
}
