using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Core.Events;
using RunnerMetrics.Core.Metrics;
using RunnerMetrics.Core.Runners;
using RunnerMetrics.Grpc;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Exporter.Collector;

/// <summary>Takes batches of events from agents, and answers each event in its place.</summary>
internal sealed class CollectorService(Fleet fleet, FleetOptions options, MetricRegistry registry, CollectorMetrics metrics, TimeProvider time)
{
    /// <summary>The most events of one batch (job_events.proto).</summary>
    public const int MaxBatch = 1000;

    public ValueTask<ReportEventsResponse> ReportEventsAsync(ReportEventsRequest request, GrpcCallContext context)
    {
        if (request.Events.Count is 0 or > MaxBatch)
        {
            metrics.RefuseMalformed();
            throw new GrpcException(GrpcStatusCode.InvalidArgument, $"the batch holds {request.Events.Count} events: send 1 to {MaxBatch}");
        }

        if (!WireTime.TryRead(request.SentAt, out var sentAt))
        {
            metrics.RefuseMalformed();
            throw new GrpcException(GrpcStatusCode.InvalidArgument, "sent_at is missing or is no time: give the sender's clock, in UTC");
        }

        var now = time.GetUtcNow();
        var skew = now - sentAt;
        var isSkewed = skew.Duration() > EventReader.Tolerance;
        var reader = new EventReader(sentAt, isSkewed ? skew : TimeSpan.Zero, now, options.Horizon);
        var readings = new EventReading[request.Events.Count];
        for (var i = 0; i < readings.Length; i++)
        {
            readings[i] = reader.Read(request.Events[i]);
        }

        var response = new ReportEventsResponse();
        lock (registry.Gate)
        {
            if (isSkewed)
            {
                metrics.SkewedBatches.Increment();
                metrics.ClockSkew.Set(skew.TotalSeconds);
            }

            for (var i = 0; i < readings.Length; i++)
            {
                response.Results.Add(Settle(request.Events[i].EventId, readings[i], now));
            }
        }

        return ValueTask.FromResult(response);
    }

    private EventResult Settle(string eventId, EventReading reading, DateTimeOffset now)
    {
        var result = new EventResult { EventId = eventId, Reason = reading.Refusal ?? "" };
        if (reading.Heartbeat is { } heartbeat)
        {
            Hear(heartbeat);
            metrics.Events.Accepted.Increment();
            result.Outcome = Outcome.Accepted;
        }
        else if (reading.Event is { } happened)
        {
            var isNew = fleet.Apply(happened) == ApplyOutcome.Accepted;
            (isNew ? metrics.Events.Accepted : metrics.Events.Duplicate).Increment();
            result.Outcome = isNew ? Outcome.Accepted : Outcome.Duplicate;
            if (isNew)
            {
                metrics.IngestLag.Observe(Math.Max(0, (now - happened.OccurredAt).TotalSeconds));
            }
        }
        else if (reading.IsUnsupported)
        {
            metrics.Events.Unsupported.Increment();
            result.Outcome = Outcome.Unsupported;
        }
        else
        {
            metrics.Events.Reject(reading.Reason);
            result.Outcome = Outcome.Rejected;
        }

        return result;
    }

    private void Hear(Heartbeat heartbeat)
    {
        if (fleet.FirstSign(heartbeat) is { } seen)
        {
            fleet.Apply(seen);
        }

        metrics.EventsLost.Increment(fleet.Hear(heartbeat));
    }
}
