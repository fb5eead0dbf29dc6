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
            ShouldListenTo = source => ExporterTelemetry.Sources.Contains(source.Name),

            // As OpenTelemetry does by default: all roots, and what is within a span that is recorded. What another process does not record is passed on.
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent == default || options.Parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? ActivitySamplingResult.AllDataAndRecorded
                : options.Parent.IsRemote ? ActivitySamplingResult.PropagationData
                : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.Recorded)
                {
                    _ended.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IEnumerable<Activity> Ended => _ended;

    public void Dispose() => _listener.Dispose();
}
