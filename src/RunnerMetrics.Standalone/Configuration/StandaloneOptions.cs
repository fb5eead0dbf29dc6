using System.Net;
using RunnerMetrics.Agent.Configuration;

namespace RunnerMetrics.Standalone.Configuration;

/// <summary>What a process that is both agent and exporter is told.</summary>
public sealed record StandaloneOptions
{
    /// <summary>The agent's part. Its collector is the exporter's part, whatever stands there.</summary>
    public required AgentOptions Agent { get; init; }

    /// <summary>The port of the page, its API and <c>/metrics</c>; 0 takes any free one.</summary>
    public int HttpPort { get; init; } = 9091;

    /// <summary>The address that it is bound to.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>A file of bearer tokens, one a line, each of which opens the page, the API and <c>/metrics</c>; null where reading them asks for none.</summary>
    public string? ReadTokenFile { get; init; }

    /// <summary>Whether the page and the API are open to whoever reaches <see cref="Bind"/>, though that is not loopback, or is called by another name.</summary>
    public bool OpenPage { get; init; }

    /// <summary>The folder for what must outlive the process.</summary>
    public required string DataDirectory { get; init; }
}
