using System.Net;
using RunnerMetrics.Agent.Configuration;

namespace RunnerMetrics.Standalone.Configuration;

/// <summary>The options of a process that is both agent and exporter.</summary>
public sealed record StandaloneOptions
{
    /// <summary>The agent's part. Its collector is the exporter's part, whatever stands there.</summary>
    public required AgentOptions Agent { get; init; }

    /// <summary>The port of the page, its API and <c>/metrics</c>; 0 takes any free one.</summary>
    public int HttpPort { get; init; } = 9091;

    /// <summary>The address that it is bound to.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>A file of bearer tokens, one per line, each of which opens the page, the API and <c>/metrics</c>; null if reading needs none.</summary>
    public string? ReadTokenFile { get; init; }

    /// <summary>Whether the page and the API are open to anyone who can reach <see cref="Bind"/>, even if that is not loopback, and under any host name.</summary>
    public bool OpenPage { get; init; }

    /// <summary>The folder for data that must survive a restart.</summary>
    public required string DataDirectory { get; init; }
}
