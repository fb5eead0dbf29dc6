using Grpc.Core;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Exporter.Intake;
using RunnerMetrics.Exporter.Repositories;
using RunnerMetrics.Exporter.Secrets;
using RunnerMetrics.Exporter.Telemetry;
using RunnerMetrics.Exporter.Wire;
using RunnerMetrics.Metrics;
using RunnerMetrics.ServiceDefaults;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Exporter.Collector;

/// <summary>Takes batches of events from agents, and answers each event in its place once all that is accepted is durable.</summary>
internal sealed class CollectorService(
    CommitLoop commits, FleetState fleet, FleetOptions options, MetricRegistry registry, CollectorMetrics metrics, RunnerConflicts conflicts, TimeProvider time,
    RepositoryFilter repositories, ILogger<CollectorService> logger)
    : JobEventCollector.JobEventCollectorBase
{
    /// <summary>The maximum number of events of one batch (job_events.proto).</summary>
    public const int MaxBatch = 1000;

    private const int MaxSenderIdLength = 128;

    /// <summary>An answer under this many bytes is sent as it is: gzip costs more than it saves.</summary>
    private const int CompressFrom = 1024;

    /// <inheritdoc/>
    public override async Task<ReportEventsResponse> ReportEvents(ReportEventsRequest request, ServerCallContext context)
    {
        CollectorCall.MarkAsRead(context.GetHttpContext());
        try
        {
            if (request.Events.All(wire => wire.PayloadCase == Event.PayloadOneofCase.Heartbeat))
            {
                // Each agent sends one every few seconds: as traces they would hide all others.
                context.GetHttpContext().LeaveOutOwnTrace();
            }

            var response = await RecordAsync(request, TokenHolder.Of(context.GetHttpContext()));
            if (response.CalculateSize() < CompressFrom)
            {
                context.WriteOptions = new WriteOptions(WriteFlags.NoCompress);
            }

            return response;
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            // The boundary of the call: the log has the details, the sender only learns that it may retry.
            CollectorLog.Failed(logger, failure);
            throw new RpcException(new Status(StatusCode.Unknown, "unexpected error"));
        }
    }

    private async Task<ReportEventsResponse> RecordAsync(ReportEventsRequest request, TokenHolder? holder)
    {
        using var span = ExporterTelemetry.StartSpan("ingest")?.SetTag("runner_metrics.ingest.events", request.Events.Count);
        var sentAt = CheckBatch(request);
        var now = time.GetUtcNow();
        var skew = now - sentAt;
        var isSkewed = skew.Duration() > EventReader.Tolerance;
        var shift = isSkewed ? skew : TimeSpan.Zero;
        var reader = new EventReader(sentAt, shift, now, options.Horizon);
        var batch = new Batch(holder?.SenderOf(request.SenderId) ?? request.SenderId, now, fleet);
        foreach (var wire in request.Events)
        {
            batch.Add(wire, Judge(reader, wire, holder));
        }

        var committed = await CommitAsync(batch.Items, holder?.Budget);
        var response = new ReportEventsResponse();
        using (registry.Gate.Enter())
        {
            if (isSkewed)
            {
                metrics.SkewedBatches.Increment();
                metrics.ClockSkew.Set(skew.TotalSeconds);
            }

            for (var i = 0; i < request.Events.Count; i++)
            {
                response.Results.Add(Settle(request.Events[i].EventId, batch.Readings[i], batch.ResultOf(i, committed), now));
            }
        }

        return response;
    }

    // A token is checked against the original names; what is stored is read again, without the names that must not appear.
    private EventReading Judge(EventReader reader, Event wire, TokenHolder? holder)
    {
        var reading = reader.Read(wire);
        return holder?.Refuse(reading) is { } deferred ? deferred
            : repositories.KeepsAll ? reading
            : repositories.Hide(wire) is { } excluded ? EventReading.Rejected(excluded, RejectionReason.ExcludedRepository)
            : reader.Read(wire);
    }

    private static DateTimeOffset CheckBatch(ReportEventsRequest request)
    {
        var problem = request.Events.Count is 0 or > MaxBatch ? $"the batch holds {request.Events.Count} events: send 1 to {MaxBatch}"
            : request.SenderId.Length > MaxSenderIdLength ? $"sender_id has {request.SenderId.Length} characters: at most {MaxSenderIdLength} are allowed"
            : null;
        if (!WireTime.TryRead(request.SentAt, out var sentAt))
        {
            problem ??= "sent_at is missing or is not a valid time: give the sender's clock, in UTC";
        }

        return problem is null ? sentAt : throw new RpcException(new Status(StatusCode.InvalidArgument, problem));
    }

    private async Task<CommitResult[]> CommitAsync(List<CommitItem> items, TokenBudget? budget)
    {
        try
        {
            return items.Count == 0 ? [] : await commits.SubmitAsync(items, budget);
        }
        catch (StoreUnavailableException) when (items.TrueForAll(item => item.Event is RunnerSeen))
        {
            // Heartbeats count though they cannot be stored: after a restart the next ones come within seconds.
            return new CommitResult[items.Count];
        }
        catch (StoreUnavailableException e)
        {
            throw new RpcException(new Status(e.IsFull ? StatusCode.ResourceExhausted : StatusCode.Unavailable, e.Message));
        }
    }

    private EventResult Settle(string eventId, EventReading reading, CommitResult? committed, DateTimeOffset now)
    {
        var result = new EventResult { EventId = eventId, Reason = reading.Refusal ?? "" };
        if ((reading.Deferral ?? committed?.Reason) is { } deferral)
        {
            metrics.Events.Deferred.Increment();
            if (reading.Deferral is not null)
            {
                (reading.IsBeyondBudget ? metrics.RefusedByBudget : metrics.RefusedByPattern).Increment();
            }

            (result.Outcome, result.Reason) = (Outcome.Deferred, deferral);
        }
        else if (reading.Heartbeat is { } heartbeat)
        {
            var heard = fleet.RecordHeartbeat(heartbeat);
            metrics.EventsLost.Increment(heard.EventsLost);
            if (heard.IsConflict)
            {
                metrics.RunnerConflicts.Increment();
                conflicts.Log(heartbeat.Runner.Name, heartbeat.Runner.Scope);
            }

            metrics.Events.Accepted.Increment();
            result.Outcome = Outcome.Accepted;
        }
        else if (reading.Event is { } happened)
        {
            var isNew = committed?.Outcome == ApplyOutcome.Accepted;
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

    /// <summary>The events of a batch, and what of them has to become durable.</summary>
    private sealed class Batch(string senderId, DateTimeOffset now, FleetState fleet)
    {
        private readonly List<int> _itemOf = [];

        public List<EventReading> Readings { get; } = [];

        public List<CommitItem> Items { get; } = [];

        public void Add(Event wire, EventReading reading)
        {
            Readings.Add(reading);
            var source = new EventSource(senderId, wire.Sequence);
            CommitItem? item = reading switch
            {
                { Event: { } happened, Kept: { } kept } => CommitItem.Of(kept, happened, source),
                { Heartbeat: { } heartbeat } => fleet.FirstSign(heartbeat) is { } seen ? CommitItem.Of(seen) : null,
                { IsUnsupported: true } or { Deferral: not null } => null,
                _ => source.HasSequence ? CommitItem.Settled(source, now) : null,
            };
            _itemOf.Add(item is null ? -1 : Items.Count);
            if (item is { } durable)
            {
                Items.Add(durable);
            }
        }

        public CommitResult? ResultOf(int index, CommitResult[] results) => _itemOf[index] < 0 ? null : results[_itemOf[index]];
    }
}
