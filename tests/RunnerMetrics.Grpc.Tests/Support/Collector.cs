using Google.Protobuf.WellKnownTypes;
using V1 = RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Grpc.Tests;

/// <summary>The contract's method, requests for it, and a handler that a request's sender_id tells what to do.</summary>
internal static class Collector
{
    public const string ServiceName = "runnermetrics.v1.JobEventCollector";

    /// <summary>Text beyond ASCII, a percent sign and a line end: all that percent-encoding is for.</summary>
    public const string ForeignText = "Datenträger voll: 100 %\n日本語 🚀";

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static readonly GrpcMethod<V1.ReportEventsRequest, V1.ReportEventsResponse> ReportEvents =
        new(ServiceName, "ReportEvents", V1.ReportEventsRequest.Parser, V1.ReportEventsResponse.Parser);

    public static V1.ReportEventsRequest Batch(int events, string senderId = "")
    {
        var request = new V1.ReportEventsRequest { SenderId = senderId, SentAt = new Timestamp { Seconds = 1_795_219_200 } };
        for (int i = 1; i <= events; i++)
        {
            request.Events.Add(new V1.Event
            {
                EventId = $"event-{i}",
                Sequence = (ulong)i,
                Runner = new V1.Runner { Name = "runner-ä", Type = "standard" },
                Heartbeat = new V1.RunnerHeartbeat { State = V1.RunnerHeartbeat.Types.State.Idle },
            });
        }

        return request;
    }

    public static async ValueTask<V1.ReportEventsResponse> AnswerAsync(V1.ReportEventsRequest request, GrpcCallContext context)
    {
        switch (request.SenderId)
        {
            case "never":
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                break;
            case "error":
                throw new GrpcException(GrpcStatusCode.ResourceExhausted, ForeignText, new IOException("secret"));
            case "details":
                throw new GrpcException(GrpcStatusCode.InvalidArgument, "see the details") { StatusDetails = new byte[] { 8, 3, 18, 1, 255 } };
            case "bug":
                throw new InvalidOperationException("secret");
        }

        var response = new V1.ReportEventsResponse();
        response.Results.Add(request.Events.Select(e => new V1.EventResult
        {
            EventId = e.EventId,
            Outcome = V1.EventResult.Types.Outcome.Accepted,
        }));
        return response;
    }

    public static GrpcHealthStatus? Health(string service) => service switch
    {
        "" => GrpcHealthStatus.Serving,
        ServiceName => GrpcHealthStatus.NotServing,
        _ => null,
    };

    public static Task<V1.ReportEventsResponse> ReportAsync(
        this GrpcChannel channel, V1.ReportEventsRequest request, TimeSpan? deadline = null) =>
        channel.CallAsync(ReportEvents, request, deadline ?? Patience, TestContext.Current.CancellationToken);

    public static async Task<GrpcException> FailAsync(this GrpcChannel channel, V1.ReportEventsRequest request, TimeSpan? deadline = null) =>
        await Assert.ThrowsAsync<GrpcException>(() => channel.ReportAsync(request, deadline));
}
