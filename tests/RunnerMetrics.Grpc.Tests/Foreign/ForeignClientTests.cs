using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace RunnerMetrics.Grpc.Tests;

/// <summary>Clients of other makes call our server.</summary>
public class ForeignClientTests
{
    private const string Grpcio = "grpcio";
    private const string GrpcJs = "grpc-js";

    [Theory]
    [InlineData(Grpcio)]
    [InlineData(GrpcJs)]
    public async Task Calls_OfEveryKind_EndAsTheyShould(string client)
    {
        var requests = new ConcurrentQueue<(string? Encoding, Contracts.V1.ReportEventsRequest Request)>();
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync(
            new GrpcServerOptions
            {
                MaxRequestBytes = 200_000,
                Authorize = call => call.BearerToken == "right" ? null : new GrpcStatus(GrpcStatusCode.Unauthenticated, "wrong token"),
            },
            (request, context) =>
            {
                requests.Enqueue((context.RequestHeaders["grpc-encoding"], request));
                return Collector.AnswerAsync(request, context);
            });

        ForeignAnswer[] answers = await ForeignCall.MakeAsync(
            client,
            server.Address,
            ForeignCall.Report(1) with { Token = "right" },
            ForeignCall.Report(1000) with { Token = "right" },
            ForeignCall.Report(1000) with { Token = "right", Compression = "gzip" },
            ForeignCall.Report(10_000) with { Token = "right" },
            ForeignCall.Report(1000, "error") with { Token = "right" },
            ForeignCall.Report(1) with { Token = "wrong" },
            ForeignCall.Report(1),
            ForeignCall.Report(1) with { Token = "right", Method = $"/{Collector.ServiceName}/Forget" },
            ForeignCall.Report(1, "never") with { Token = "right", Timeout = 0.2 },
            ForeignCall.Report(1, "bug") with { Token = "right" },
            ForeignCall.Report(1000) with { Token = "right", Compression = "deflate" },
            ForeignCall.Health(""),
            ForeignCall.Health(Collector.ServiceName),
            ForeignCall.Health("other"),
            ForeignCall.Report(2) with { Token = "right" });

        Assert.Equal(
            [
                GrpcStatusCode.OK,
                GrpcStatusCode.OK,
                GrpcStatusCode.OK,
                GrpcStatusCode.ResourceExhausted,
                GrpcStatusCode.ResourceExhausted,
                GrpcStatusCode.Unauthenticated,
                GrpcStatusCode.Unauthenticated,
                GrpcStatusCode.Unimplemented,
                GrpcStatusCode.DeadlineExceeded,
                GrpcStatusCode.Unknown,
                GrpcStatusCode.Unimplemented,
                GrpcStatusCode.OK,
                GrpcStatusCode.OK,
                GrpcStatusCode.NotFound,
                GrpcStatusCode.OK,
            ],
            answers.Select(answer => answer.Status));

        Assert.Equal([1, 1000, 1000, 2], answers.Select(answer => answer.Response?["results"]?.AsArray().Count).OfType<int>());
        Assert.Contains("the limit is 200000", answers[3].Details, StringComparison.Ordinal);
        Assert.Equal(Collector.ForeignText, answers[4].Details);
        Assert.Equal("wrong token", answers[5].Details);
        Assert.Equal("unexpected error", answers[9].Details);
        Assert.Equal("SERVING", (string?)answers[11].Response?["status"]);
        Assert.Equal("NOT_SERVING", (string?)answers[12].Response?["status"]);

        // What arrived is what was meant, to the field.
        Assert.Equal(Collector.Batch(1), requests.First().Request);
        Assert.Contains(requests, request => request.Encoding == "gzip" && request.Request.Equals(Collector.Batch(1000)));
    }

    [Theory]
    [InlineData(Grpcio)]
    [InlineData(GrpcJs)]
    public async Task Response_LongOne_IsGzippedForThem(string client)
    {
        var encodings = new ConcurrentQueue<string?>();
        await using LoopbackServer server = await LoopbackServer.StartCollectorAsync(handler: (request, context) =>
        {
            HttpResponse response = context.HttpContext.Response;
            response.OnStarting(() =>
            {
                encodings.Enqueue(response.Headers["grpc-encoding"]);
                return Task.CompletedTask;
            });
            return Collector.AnswerAsync(request, context);
        });
        ForeignAnswer[] answers = await ForeignCall.MakeAsync(client, server.Address, ForeignCall.Report(1000), ForeignCall.Report(1));
        Assert.Equal([1000, 1], answers.Select(answer => answer.Response!["results"]!.AsArray().Count));
        Assert.Equal(["gzip", null], encodings);
    }
}
