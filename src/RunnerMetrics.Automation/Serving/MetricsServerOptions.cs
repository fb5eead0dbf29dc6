using System.Net;

namespace RunnerMetrics.Automation.Serving;

/// <summary>Where a <see cref="MetricsServer"/> listens.</summary>
public sealed record MetricsServerOptions
{
    /// <summary>The port; 0 takes any free one.</summary>
    public int Port { get; init; } = 9464;

    /// <summary>The address, of IPv4: this machine's alone, unless another is given. What is served needs no credential.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The path of the metrics.</summary>
    public string Path { get; init; } = "/metrics";
}
