using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Contracts.V1;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Agent.Tests.Spool;

/// <summary>Takes what an agent sends, remembers its numbers, and answers as a test says.</summary>
internal sealed class SpoolCollector : IEventSender
{
    private readonly Lock _gate = new();
    private readonly List<ReportEventsRequest> _batches = [];
    private readonly List<ReportEventsRequest> _heartbeats = [];

    public bool IsAway { get; set; }

    public Func<Event, EventResult> Answer { get; set; } = sent => new EventResult { EventId = sent.EventId, Outcome = Outcome.Accepted };

    /// <summary>The batches that were answered.</summary>
    public IReadOnlyList<ReportEventsRequest> Batches => Locked(_batches);

    /// <summary>All heartbeats, those that were not answered too.</summary>
    public IReadOnlyList<ReportEventsRequest> Heartbeats => Locked(_heartbeats);

    public int Tries { get; private set; }

    public IReadOnlyList<Event> Events => [.. Batches.SelectMany(batch => batch.Events)];

    public async Task<ReportEventsResponse> SendAsync(ReportEventsRequest request, CancellationToken stop)
    {
        await Task.Yield();
        stop.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var isHeartbeat = request.Events[0].PayloadCase == Event.PayloadOneofCase.Heartbeat;
            if (isHeartbeat)
            {
                _heartbeats.Add(request.Clone());
            }
            else
            {
                Tries++;
            }

            if (IsAway)
            {
                throw new DeliveryException(DeliveryProblem.Unavailable, "away");
            }

            if (!isHeartbeat)
            {
                _batches.Add(request.Clone());
            }

            return new ReportEventsResponse { Results = { request.Events.Select(Answer) } };
        }
    }

    public void Dispose()
    {
    }

    private List<ReportEventsRequest> Locked(List<ReportEventsRequest> requests)
    {
        lock (_gate)
        {
            return [.. requests];
        }
    }
}
