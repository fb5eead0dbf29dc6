using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Contracts.V1;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Agent.Tests.Delivery;

/// <summary>Takes what an agent sends, as a test says.</summary>
internal sealed class FakeCollector
{
    private readonly Lock _gate = new();
    private readonly List<Event> _sent = [];
    private readonly List<Event> _accepted = [];
    private readonly List<Event> _heartbeats = [];
    private Func<Event, int, EventResult?> _answer = (sent, _) => Answer(sent, Outcome.Accepted);
    private int _calls;

    /// <summary>What a call fails with, by its number from 1 on; calls with heartbeats are not numbered.</summary>
    public Func<int, Exception?> Fails { get; set; } = _ => null;

    /// <summary>What a heartbeat fails with.</summary>
    public Func<Exception?> HeartbeatFails { get; set; } = () => null;

    /// <summary>How many calls there were.</summary>
    public int Calls => Locked(() => _calls);

    /// <summary>Every event of every call that was answered, heartbeats aside.</summary>
    public IReadOnlyList<Event> Sent => Locked(() => _sent.ToList());

    /// <summary>The events that were answered with ACCEPTED, in order.</summary>
    public IReadOnlyList<Event> Accepted => Locked(() => _accepted.ToList());

    public IReadOnlyList<Event> Heartbeats => Locked(() => _heartbeats.ToList());

    /// <summary>How often an event is answered how, by the number of the call; null leaves it out of the answer.</summary>
    public void AnswersWith(Func<Event, int, EventResult?> answer) => _answer = answer;

    public static EventResult Answer(Event sent, Outcome outcome, string reason = "") => new() { EventId = sent.EventId, Outcome = outcome, Reason = reason };

    /// <summary>The collector as an agent sees it; an agent owns its own.</summary>
    public IEventSender Connect() => new Connection(this);

    private ReportEventsResponse Take(ReportEventsRequest request)
    {
        lock (_gate)
        {
            if (request.Events.All(one => one.PayloadCase == Event.PayloadOneofCase.Heartbeat))
            {
                _heartbeats.AddRange(request.Events);
                if (HeartbeatFails() is { } missed)
                {
                    throw missed;
                }

                return new ReportEventsResponse { Results = { request.Events.Select(one => Answer(one, Outcome.Accepted)) } };
            }

            var call = ++_calls;
            if (Fails(call) is { } failure)
            {
                throw failure;
            }

            var response = new ReportEventsResponse();
            foreach (var one in request.Events)
            {
                _sent.Add(one);
                var result = _answer(one, call);
                if (result?.Outcome == Outcome.Accepted)
                {
                    _accepted.Add(one);
                }

                if (result is not null)
                {
                    response.Results.Add(result);
                }
            }

            return response;
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }

    private sealed class Connection(FakeCollector collector) : IEventSender
    {
        public async Task<ReportEventsResponse> SendAsync(ReportEventsRequest request, CancellationToken stop)
        {
            await Task.Yield();
            stop.ThrowIfCancellationRequested();
            return collector.Take(request.Clone());
        }

        public void Dispose()
        {
        }
    }
}
