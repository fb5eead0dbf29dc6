using Grpc.Core;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Collector;
using RunnerMetrics.Grpc;

namespace RunnerMetrics.Exporter.FullFeed;

/// <summary>Hands calls of Grpc.AspNetCore to the very handler that our own gRPC calls.</summary>
internal sealed class GrpcJobEventCollector(CollectorService collector, CollectorAuthorization authorization) : JobEventCollector.JobEventCollectorBase
{
    public override async Task<ReportEventsResponse> ReportEvents(ReportEventsRequest request, ServerCallContext context)
    {
        var deadline = context.Deadline == DateTime.MaxValue ? (DateTimeOffset?)null : new DateTimeOffset(context.Deadline, TimeSpan.Zero);
        var call = new GrpcCallContext(context.GetHttpContext(), context.Method, deadline, context.CancellationToken);
        if (authorization.Refuse?.Invoke(call) is { } refusal)
        {
            throw new RpcException(new Status((StatusCode)(int)refusal.Code, refusal.Message ?? ""));
        }

        try
        {
            return await collector.ReportEventsAsync(request, call);
        }
        catch (GrpcException e)
        {
            throw new RpcException(new Status((StatusCode)(int)e.StatusCode, e.Message));
        }
    }
}

/// <summary>Who may report.</summary>
internal sealed class CollectorAuthorization
{
    /// <summary>Refuses a call; null: every call is let in.</summary>
    public Func<GrpcCallContext, GrpcStatus?>? Refuse { get; set; }
}
