using System.Collections.Concurrent;
using System.Diagnostics;
using RunnerMetrics.Exporter.Telemetry;

namespace RunnerMetrics.Exporter.Tests.Telemetry;

/// <summary>Keeps every span that the exporter ends while it listens; other tests' exporters run in this process too.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public SpanRecorder()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => ExporterTelemetry.Identity.Sources.Contains(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IEnumerable<Activity> Ended => _ended;

    /// <summary>The spans of one job's trace, as <c>name from to</c> in seconds from the tests' clock, in order.</summary>
    public IReadOnlyList<string> Trace(Activity root) =>
    [
        .. _ended.Where(span => span.TraceId == root.TraceId).OrderBy(span => span.Parent is null && span.ParentSpanId == default ? 0 : 1).ThenBy(span => span.StartTimeUtc)
            .Select(span => FormattableString.Invariant(
                $"{span.OperationName} {Seconds(span.StartTimeUtc)} {Seconds(span.StartTimeUtc + span.Duration)}")),
    ];

    public void Dispose() => _listener.Dispose();

    private static double Seconds(DateTime time) => (time - Support.Wire.Now.UtcDateTime).TotalSeconds;
}
