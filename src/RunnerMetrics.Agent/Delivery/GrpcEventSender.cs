using Grpc.Core;
using Grpc.Net.Client;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>Sends batches to the collector.</summary>
/// <param name="collector">The collector's address.</param>
/// <param name="tokenFile">The file with its token, read again for every call; null: none is sent.</param>
/// <param name="time">Ends a call without an answer in time. Unlike a gRPC deadline, it does not depend on the system clock.</param>
/// <param name="patience">How long to wait for an answer; 10 s if nothing is given.</param>
internal sealed class GrpcEventSender(Uri collector, string? tokenFile, TimeProvider time, TimeSpan? patience = null) : IEventSender
{
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(10);
    private readonly GrpcChannel _channel = CollectorChannel.Open(collector);

    public async Task<ReportEventsResponse> SendAsync(ReportEventsRequest request, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            return await new JobEventCollector.JobEventCollectorClient(_channel).ReportEventsAsync(request, Headers(), cancellationToken: either.Token);
        }
        catch (RpcException failure)
        {
            throw new DeliveryException(CallFailure.ProblemOf(failure), CallFailure.ReasonOf(failure), failure);
        }
        catch (OperationCanceledException failure) when (!stop.IsCancellationRequested)
        {
            throw new DeliveryException(DeliveryProblem.Unavailable, $"{collector} gave no answer within {_patience.TotalSeconds:0} s.", failure);
        }
    }

    public void Dispose() => _channel.Dispose();

    // A token that was rotated is used from the next call on.
    private Metadata Headers()
    {
        if (tokenFile is null)
        {
            return [];
        }

        try
        {
            return BearerHeader.Of(TokenFile.Read(tokenFile));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DeliveryException(DeliveryProblem.Unauthenticated, $"The token file {tokenFile} cannot be read: {failure.Message}", failure);
        }
    }
}
