using RunnerMetrics.Metrics;

namespace RunnerMetrics.Exporter.Intake;

/// <summary>What became of the events of one source, as metrics. The caller holds the registry's gate.</summary>
internal sealed class EventCounts
{
    private readonly Dictionary<RejectionReason, Counter> _rejectedBy;

    public EventCounts(MetricFamily events, MetricFamily rejected, string source, IEnumerable<RejectionReason> reasons)
    {
        Source = source;
        var labels = Labels.Of(("source", source));
        Counter Outcome(string outcome) => events.AddCounter(labels.With(new LabelPair("outcome", outcome)));
        Accepted = Outcome("accepted");
        Duplicate = Outcome("duplicate");
        Rejected = Outcome("rejected");
        Unsupported = Outcome("unsupported");
        Deferred = Outcome("deferred");
        _rejectedBy = reasons.ToDictionary(reason => reason, reason => rejected.AddCounter(labels.With(new LabelPair("reason", Word(reason)))));
    }

    /// <summary>Where the events come from: grpc or webhook.</summary>
    public string Source { get; }

    /// <summary>How many events were rejected for each reason, those with none left out; the caller holds the gate.</summary>
    public IEnumerable<(string Reason, long Count)> Rejections =>
        _rejectedBy.Where(rejected => rejected.Value.Value > 0).Select(rejected => (Word(rejected.Key), (long)rejected.Value.Value));

    public Counter Accepted { get; }

    public Counter Duplicate { get; }

    public Counter Unsupported { get; }

    public Counter Deferred { get; }

    private Counter Rejected { get; }

    public void Reject(RejectionReason reason)
    {
        Rejected.Increment();
        _rejectedBy[reason].Increment();
    }

    private static string Word(RejectionReason reason) => reason switch
    {
        RejectionReason.TooOld => "too_old",
        RejectionReason.InFuture => "in_future",
        RejectionReason.Unauthenticated => "unauthenticated",
        RejectionReason.TooLarge => "too_large",
        RejectionReason.MediaType => "media_type",
        RejectionReason.Overloaded => "overloaded",
        RejectionReason.ExcludedRepository => "excluded_repository",
        _ => "malformed",
    };
}
