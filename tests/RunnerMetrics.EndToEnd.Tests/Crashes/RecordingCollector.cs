using Grpc.Core;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Crashes;

/// <summary>A collector that takes everything and remembers it; now and then it is away, or takes a batch and its answer is lost.</summary>
internal sealed class RecordingCollector(int seed) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private readonly Dictionary<(string Sender, ulong Sequence), Event> _taken = [];
    private readonly List<string> _contradictions = [];
    private CollectorStub? _stub;

    public Uri Address => _stub!.Address;

    /// <summary>Of how many calls one fails; 0: none.</summary>
    public int FailsOneOf { get; set; }

    /// <summary>Whether no call gets through.</summary>
    public bool IsAway { get; set; }

    /// <summary>The events that were taken, once for each number that they came under.</summary>
    public IReadOnlyList<Event> Taken
    {
        get
        {
            lock (_gate)
            {
                return [.. _taken.Values];
            }
        }
    }

    /// <summary>Numbers that came with different events.</summary>
    public IReadOnlyList<string> Contradictions
    {
        get
        {
            lock (_gate)
            {
                return [.. _contradictions];
            }
        }
    }

    public static async Task<RecordingCollector> StartAsync(int seed)
    {
        var collector = new RecordingCollector(seed);
        collector._stub = await CollectorStub.StartAsync(collector.Take);
        return collector;
    }

    public ValueTask DisposeAsync() => _stub!.DisposeAsync();

    private ReportEventsResponse Take(ReportEventsRequest request)
    {
        lock (_gate)
        {
            var fails = FailsOneOf > 0 && _random.Next(FailsOneOf) == 0;
            if (IsAway || (fails && _random.Next(2) == 0))
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "away"));
            }

            foreach (var sent in request.Events.Where(e => e.Heartbeat is null))
            {
                var number = (request.SenderId, sent.Sequence);
                if (_taken.TryGetValue(number, out var before) && !before.Equals(sent))
                {
                    _contradictions.Add($"{number}: {before.EventId} and {sent.EventId}");
                }

                _taken[number] = sent;
            }

            if (fails)
            {
                throw new RpcException(new Status(StatusCode.Unavailable, "the answer was lost"));
            }

            return new ReportEventsResponse
            {
                Results = { request.Events.Select(e => new EventResult { EventId = e.EventId, Outcome = EventResult.Types.Outcome.Accepted }) },
            };
        }
    }
}
