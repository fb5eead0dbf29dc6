using RunnerMetrics.Core.Metrics;

namespace RunnerMetrics.Exporter.Collector;

/// <summary>What became of the events of one source, as metrics. The caller holds the registry's gate.</summary>
internal sealed class EventCounts
{
    private readonly Dictionary<RejectionReason, Counter> _rejectedBy;

    public EventCounts(MetricFamily events, MetricFamily rejected, string source)
    {
        var labels = Labels.Of(("source", source));
        Counter Outcome(string outcome) => events.AddCounter(labels.With(new LabelPair("outcome", outcome)));
        Counter Reason(string reason) => rejected.AddCounter(labels.With(new LabelPair("reason", reason)));
        Accepted = Outcome("accepted");
        Duplicate = Outcome("duplicate");
        Rejected = Outcome("rejected");
        Unsupported = Outcome("unsupported");
        _rejectedBy = new()
        {
            [RejectionReason.Malformed] = Reason("malformed"),
            [RejectionReason.TooOld] = Reason("too_old"),
            [RejectionReason.InFuture] = Reason("in_future"),
        };
    }

    public Counter Accepted { get; }

    public Counter Duplicate { get; }

    public Counter Unsupported { get; }

    private Counter Rejected { get; }

    public void Reject(RejectionReason reason)
    {
        Rejected.Increment();
        _rejectedBy[reason].Increment();
    }
}
