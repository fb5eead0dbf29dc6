using Grpc.Net.Client;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>Makes channels to a collector. Calls of one share its HTTP/2 connection, which is made at the first call and again whenever it is lost.</summary>
internal static class CollectorChannel
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepAlivePingDelay = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan KeepAlivePingTimeout = TimeSpan.FromSeconds(10);

    /// <summary>So that a server's changed address is found.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    /// <param name="collector"><c>http://HOST:PORT</c> or <c>https://HOST:PORT</c>, with no path (AgentConfiguration.ReadCollector).</param>
    /// <param name="answered">Is shown every answer.</param>
    public static GrpcChannel Open(Uri collector, Action<HttpResponseMessage>? answered = null) => GrpcChannel.ForAddress(collector, new GrpcChannelOptions
    {
        // A client, not a handler: of a handler Grpc.Net.Client makes subchannels with a back-off of their own, of up to two minutes, in which every call
        // fails though the collector is back (Grpc.Net.Client 2.85, Balancer/Subchannel.cs). The caller decides when to retry.
        HttpClient = new HttpClient(new GrpcAnswerHandler(CreateHandler(collector), answered)) { Timeout = Timeout.InfiniteTimeSpan },
        DisposeHttpClient = true,
        ThrowOperationCanceledOnCancellation = true,
    });

    private static SocketsHttpHandler CreateHandler(Uri collector) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // An HTTP proxy forwards no HTTP/2 without TLS; with TLS it tunnels.
        UseProxy = collector.Scheme == Uri.UriSchemeHttps,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        EnableMultipleHttp2Connections = true,
        KeepAlivePingDelay = KeepAlivePingDelay,
        KeepAlivePingTimeout = KeepAlivePingTimeout,
        // Other servers treat pings on an idle connection as abuse.
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
    };
}
