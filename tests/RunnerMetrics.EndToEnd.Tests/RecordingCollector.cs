using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Grpc;

namespace RunnerMetrics.EndToEnd.Tests;

/// <summary>A collector that takes everything and remembers it; now and then it is away, or takes a batch and its answer is lost.</summary>
internal sealed class RecordingCollector : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly WebApplication _app;
    private readonly Random _random;
    private readonly Dictionary<(string Sender, ulong Sequence), Event> _taken = [];
    private readonly List<string> _contradictions = [];

    private RecordingCollector(int seed)
    {
        _random = new Random(seed);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.MapGrpcUnary(
            new GrpcMethod<ReportEventsRequest, ReportEventsResponse>(
                "runnermetrics.v1.JobEventCollector", "ReportEvents", ReportEventsRequest.Parser, ReportEventsResponse.Parser),
            (request, _) => ValueTask.FromResult(Take(request)));
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Of how many calls one fails; 0: none.</summary>
    public int FailsOneOf { get; set; }

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
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private ReportEventsResponse Take(ReportEventsRequest request)
    {
        lock (_gate)
        {
            var fails = FailsOneOf > 0 && _random.Next(FailsOneOf) == 0;
            if (fails && _random.Next(2) == 0)
            {
                throw new GrpcException(GrpcStatusCode.Unavailable, "away");
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
                throw new GrpcException(GrpcStatusCode.Unavailable, "the answer was lost");
            }

            return new ReportEventsResponse
            {
                Results = { request.Events.Select(e => new EventResult { EventId = e.EventId, Outcome = EventResult.Types.Outcome.Accepted }) },
            };
        }
    }
}
