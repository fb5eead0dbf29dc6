using System.Net;
using RunnerMetrics.Agent.Configuration;

namespace RunnerMetrics.Standalone.Configuration;

/// <summary>The options of a process that is both agent and exporter.</summary>
public sealed record StandaloneOptions
{
    /// <summary>The agent's part. Its collector is the exporter's part, whatever stands there.</summary>
    public required AgentOptions Agent { get; init; }

    /// <summary>The port of <c>/metrics</c>; 0 takes any free one.</summary>
    public int HttpPort { get; init; } = 9091;

    /// <summary>The address that it is bound to.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>The folder for data that must survive a restart.</summary>
    public required string DataDirectory { get; init; }
}
