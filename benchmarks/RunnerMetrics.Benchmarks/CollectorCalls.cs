using Grpc.Net.Client;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Benchmarks;

/// <summary>Calls of the collector that is measured.</summary>
internal static class CollectorCalls
{
    public static async Task<ReportEventsResponse> ReportAsync(this GrpcChannel channel, ReportEventsRequest request) =>
        await new JobEventCollector.JobEventCollectorClient(channel).ReportEventsAsync(request);
}
