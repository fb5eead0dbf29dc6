using RunnerMetrics.Hosting.Logging;

namespace RunnerMetrics.Agent.Configuration;

/// <summary>The agent's options: its runner, and where to report.</summary>
public sealed record AgentOptions
{
    /// <summary>The runner's _diag folder. It may be created after the agent starts.</summary>
    public required string Diag { get; init; }

    /// <summary>The agent's own folder, created if it is missing: undelivered events.</summary>
    public required string Spool { get; init; }

    /// <summary>A folder whose subfolders are spools: spools that stopped agents left there are delivered too; null: none.</summary>
    public string? Adopt { get; init; }

    /// <summary>The runner's name, 1 to 128 characters, used if its own settings cannot be read; null: they must have it.</summary>
    public string? RunnerName { get; init; }

    /// <summary>The runner's type: standard, chrome, chrome-go, or the fleet's own word.</summary>
    public required string RunnerType { get; init; }

    /// <summary>The exporter's gRPC address, e.g. <c>http://127.0.0.1:9095</c>.</summary>
    public required Uri Collector { get; init; }

    /// <summary>A file with the token for the collector; not needed on the same machine.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The folder where job hooks and steps leave files for the agent; null if only the logs are read. It may be created after the agent starts.</summary>
    public string? Hooks { get; init; }

    /// <summary>Read the existing logs, deliver their events, and exit.</summary>
    public bool Once { get; init; }

    /// <summary>How often the logs are polled.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often the runner's state is reported.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Maximum size of the spool in bytes; at the limit no more logs are read.</summary>
    public long SpoolMaxBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long an event waits for an unreachable collector before it is dropped and counted; shorter than the collector's horizon of 35 days.</summary>
    public TimeSpan SpoolMaxAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long the agent continues to deliver after a stop signal; the rest stays in the spool.</summary>
    public TimeSpan FlushTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The program's log options.</summary>
    public LogOptions Log { get; init; } = new();
}
