using Grpc.Core;
using Grpc.Net.Client;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Testing;

/// <summary>Calls of a collector, as long as they take: what a busy machine does to a deadline is no test's business.</summary>
public static class CollectorCalls
{
    public static async Task<ReportEventsResponse> ReportAsync(this GrpcChannel channel, ReportEventsRequest request, string? token = null)
    {
        var headers = token is null ? [] : new Metadata { { "authorization", $"Bearer {token}" } };
        return await new JobEventCollector.JobEventCollectorClient(channel).ReportEventsAsync(request, headers, cancellationToken: TestContext.Current.CancellationToken);
    }
}
