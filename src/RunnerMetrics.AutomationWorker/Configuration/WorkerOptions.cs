using System.Net;
using RunnerMetrics.AutomationWorker.Auditing;
using RunnerMetrics.AutomationWorker.Explaining;
using RunnerMetrics.AutomationWorker.Watching;

namespace RunnerMetrics.AutomationWorker.Configuration;

/// <summary>How a worker runs.</summary>
internal sealed record WorkerOptions
{
    /// <summary>The port of <c>/metrics</c>, <c>/health</c> and <c>/ready</c>; 0 takes any free one.</summary>
    public int HttpPort { get; init; } = 9464;

    /// <summary>The address that it is bound to.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>What is watched, or null.</summary>
    public WatchOptions? Watch { get; init; }

    /// <summary>What is audited, or null.</summary>
    public AuditOptions? Audit { get; init; }

    /// <summary>The APIs that may explain failing tests, in the order in which they are asked.</summary>
    public IReadOnlyList<ApiSettings> Apis { get; init; } = [];
}
