using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Testing;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Agent.Tests.Delivery;

/// <summary>A collector that takes what it is sent, and remembers it.</summary>
internal sealed class LoopbackCollector : IAsyncDisposable
{
    private readonly Func<int, Exception?> _fails;
    private readonly List<ReportEventsRequest> _requests = [];
    private CollectorStub? _stub;
    private int _calls;

    private LoopbackCollector(Func<int, Exception?> fails) => _fails = fails;

    public Uri Address => _stub!.Address;

    /// <summary>The events that were taken, each once however often it was sent.</summary>
    public IReadOnlyList<Event> Events
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests.SelectMany(request => request.Events).DistinctBy(sent => sent.EventId)];
            }
        }
    }

    public static async Task<LoopbackCollector> StartAsync(string token, Func<int, Exception?>? fails = null)
    {
        var collector = new LoopbackCollector(fails ?? (_ => null));
        collector._stub = await CollectorStub.StartAsync(collector.Take, token);
        return collector;
    }

    public ValueTask DisposeAsync() => _stub!.DisposeAsync();

    private ReportEventsResponse Take(ReportEventsRequest request)
    {
        if (_fails(Interlocked.Increment(ref _calls)) is { } failure)
        {
            throw failure;
        }

        lock (_requests)
        {
            _requests.Add(request);
        }

        return new ReportEventsResponse { Results = { request.Events.Select(sent => FakeCollector.Answer(sent, Outcome.Accepted)) } };
    }
}
