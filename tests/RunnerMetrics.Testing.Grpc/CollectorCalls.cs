using System.Net.Security;
using Grpc.Core;
using Grpc.Net.Client;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Testing;

/// <summary>Calls of a collector, as long as they take: what a busy machine does to a deadline is no test's business.</summary>
public static class CollectorCalls
{
    /// <summary>
    /// A channel that connects whenever a call needs it, as the agent's does. Without an <see cref="HttpClient"/> of its own, Grpc.Net.Client backs off after a failed connection, and every call
    /// fails at once until that ends: a caller that retries in a loop keeps a processor busy.
    /// </summary>
    /// <param name="collector">Where it listens.</param>
    /// <param name="ssl">How it is trusted, if it speaks TLS.</param>
    public static GrpcChannel Open(Uri collector, SslClientAuthenticationOptions? ssl = null) => GrpcChannel.ForAddress(collector, new GrpcChannelOptions
    {
        HttpClient = new PatientHttpClient(new SocketsHttpHandler { SslOptions = ssl ?? new SslClientAuthenticationOptions() }) { Timeout = Timeout.InfiniteTimeSpan },
        DisposeHttpClient = true,
    });

    public static async Task<ReportEventsResponse> ReportAsync(this GrpcChannel channel, ReportEventsRequest request, string? token = null)
    {
        var headers = token is null ? [] : new Metadata { { "authorization", $"Bearer {token}" } };
        return await new JobEventCollector.JobEventCollectorClient(channel).ReportEventsAsync(request, headers, cancellationToken: TestContext.Current.CancellationToken);
    }
}
