using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>Sends batches to the collector. A seam: tests deliver to a list, the agent over gRPC.</summary>
internal interface IEventSender : IDisposable
{
    /// <summary>Sends one batch and returns the collector's answer.</summary>
    /// <exception cref="DeliveryException">The collector did not accept it.</exception>
    Task<ReportEventsResponse> SendAsync(ReportEventsRequest request, CancellationToken stop);
}
