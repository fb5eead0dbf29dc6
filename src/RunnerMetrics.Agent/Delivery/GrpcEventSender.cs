using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Grpc;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>Sends batches to the collector's <c>runnermetrics.v1.JobEventCollector/ReportEvents</c>.</summary>
internal sealed class GrpcEventSender(Uri collector, string? tokenFile, TimeProvider time) : IEventSender
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly GrpcMethod<ReportEventsRequest, ReportEventsResponse> ReportEvents =
        new("runnermetrics.v1.JobEventCollector", "ReportEvents", ReportEventsRequest.Parser, ReportEventsResponse.Parser);

    private readonly GrpcChannel _channel = new(
        collector,
        new GrpcChannelOptions { BearerToken = tokenFile is null ? null : () => ReadToken(tokenFile), TimeProvider = time });

    public async Task<ReportEventsResponse> SendAsync(ReportEventsRequest request, CancellationToken stop)
    {
        try
        {
            return await _channel.CallAsync(ReportEvents, request, Deadline, stop);
        }
        catch (GrpcException failure)
        {
            throw new DeliveryException(ProblemOf(failure), failure.Message, failure);
        }
    }

    public void Dispose() => _channel.Dispose();

    // A token that was rotated is used from the next call on.
    private static string? ReadToken(string file)
    {
        try
        {
            return TokenFile.Read(file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DeliveryException(DeliveryProblem.Unauthenticated, $"The token file {file} cannot be read: {failure.Message}", failure);
        }
    }

    private static DeliveryProblem ProblemOf(GrpcException failure) => failure.StatusCode switch
    {
        GrpcStatusCode.Unauthenticated or GrpcStatusCode.PermissionDenied => DeliveryProblem.Unauthenticated,
        _ when failure.IsRetryable => DeliveryProblem.Unavailable,
        _ => DeliveryProblem.Refused,
    };
}
