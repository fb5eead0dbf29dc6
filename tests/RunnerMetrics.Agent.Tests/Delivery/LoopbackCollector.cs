using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Grpc;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Agent.Tests.Delivery;

/// <summary>A collector on a port of this machine, which speaks real gRPC.</summary>
internal sealed class LoopbackCollector : IAsyncDisposable
{
    private static readonly GrpcMethod<ReportEventsRequest, ReportEventsResponse> Method =
        new("runnermetrics.v1.JobEventCollector", "ReportEvents", ReportEventsRequest.Parser, ReportEventsResponse.Parser);

    private readonly WebApplication _app;
    private readonly List<ReportEventsRequest> _requests = [];
    private int _calls;

    private LoopbackCollector(string token, Func<int, Exception?> fails)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        var options = new GrpcServerOptions
        {
            Authorize = call => call.BearerToken == token ? null : new GrpcStatus(GrpcStatusCode.Unauthenticated, "who are you?"),
        };
        _app.MapGrpcUnary(Method, (request, _) => ValueTask.FromResult(Take(request, fails)), options);
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The events that were taken.</summary>
    public IReadOnlyList<Event> Events
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests.SelectMany(request => request.Events)];
            }
        }
    }

    public static async Task<LoopbackCollector> StartAsync(string token, Func<int, Exception?>? fails = null)
    {
        var collector = new LoopbackCollector(token, fails ?? (_ => null));
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private ReportEventsResponse Take(ReportEventsRequest request, Func<int, Exception?> fails)
    {
        if (fails(Interlocked.Increment(ref _calls)) is { } failure)
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
