using System.Net;

namespace RunnerMetrics.Agent.Standalone;

/// <summary>An exporter in the agent's own process, for people with one runner.</summary>
public sealed record StandaloneOptions
{
    /// <summary>The port of <c>/metrics</c>; 0 takes any free one.</summary>
    public int HttpPort { get; init; } = 9091;

    /// <summary>The address that it is bound to.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>The folder for what must outlive the process.</summary>
    public required string DataDirectory { get; init; }
}
