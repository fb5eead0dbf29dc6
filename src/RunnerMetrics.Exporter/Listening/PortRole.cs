namespace RunnerMetrics.Exporter.Listening;

/// <summary>What a port serves. As metadata of an endpoint, where it says nothing <see cref="Http"/>: at which port it is; as a connection's feature: which port it came in by.</summary>
internal sealed class PortRole
{
    /// <summary>Pages, metrics and webhooks.</summary>
    public static readonly PortRole Http = new("the collector's port (gRPC): the rest is at --http-port");

    /// <summary>The collector and the services beside it.</summary>
    public static readonly PortRole Grpc = new("the HTTP port: the collector is at --grpc-port");

    private readonly string _elsewhere;

    private PortRole(string elsewhere) => _elsewhere = elsewhere;

    /// <summary>What the other port answers.</summary>
    public string Elsewhere => $"This is {_elsewhere}.\n";
}
