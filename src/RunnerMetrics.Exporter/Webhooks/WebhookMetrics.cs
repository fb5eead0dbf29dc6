using RunnerMetrics.Exporter.Collector;
using RunnerMetrics.Exporter.Intake;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>What became of deliveries.</summary>
internal sealed class WebhookMetrics(MetricRegistry registry, CollectorMetrics collector)
{
    private readonly EventCounts _events = collector.CountEventsOf(
        "webhook",
        [
            RejectionReason.Malformed, RejectionReason.TooOld, RejectionReason.InFuture,
            RejectionReason.Unauthenticated, RejectionReason.TooLarge, RejectionReason.MediaType, RejectionReason.Overloaded, RejectionReason.ExcludedRepository,
        ]);

    private readonly Counter _ignored = collector.CountOutcome("webhook", "ignored");

    /// <summary>When a delivery was last let in, since the exporter started; null where none was.</summary>
    public DateTimeOffset? LastHeard { get; private set; }

    /// <summary>Notes a delivery that is let in, whatever becomes of it.</summary>
    public void Hear(DateTimeOffset at)
    {
        using (registry.Gate.Enter())
        {
            LastHeard = at;
        }
    }

    public void Reject(RejectionReason reason)
    {
        using (registry.Gate.Enter())
        {
            _events.Reject(reason);
        }
    }

    public void Ignore() => Count(_ignored);

    public void CountDuplicate() => Count(_events.Duplicate);

    public void CountUnsupported() => Count(_events.Unsupported);

    public void Defer() => Count(_events.Deferred);

    /// <summary>Counts a delivery that is new, and how long after it happened it came.</summary>
    public void Accept(TimeSpan lag)
    {
        using (registry.Gate.Enter())
        {
            _events.Accepted.Increment();
            collector.IngestLag.Observe(Math.Max(0, lag.TotalSeconds));
        }
    }

    private void Count(Counter counter)
    {
        using (registry.Gate.Enter())
        {
            counter.Increment();
        }
    }
}
