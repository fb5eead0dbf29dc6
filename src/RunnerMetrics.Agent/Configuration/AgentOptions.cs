using RunnerMetrics.Hosting.Logging;

namespace RunnerMetrics.Agent.Configuration;

/// <summary>What an agent is told: which runner it stands beside, and where it reports to.</summary>
public sealed record AgentOptions
{
    /// <summary>The runner's _diag folder. It may come later than the agent.</summary>
    public required string Diag { get; init; }

    /// <summary>The agent's own folder, which it makes where it is missing: what the collector has not taken yet.</summary>
    public required string Spool { get; init; }

    /// <summary>A folder whose subfolders are spools: what agents that are gone left there is delivered too; null where nobody's is.</summary>
    public string? Adopt { get; init; }

    /// <summary>The runner's name, 1 to 128 characters, for where its own settings cannot be read; null: they have to say it.</summary>
    public string? RunnerName { get; init; }

    /// <summary>The runner's type: standard, chrome, chrome-go, or the fleet's own word.</summary>
    public required string RunnerType { get; init; }

    /// <summary>The exporter's gRPC address, e.g. <c>http://127.0.0.1:9095</c>.</summary>
    public required Uri Collector { get; init; }

    /// <summary>A file that holds the token for the collector; none is needed on the same machine.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The folder where job hooks and steps leave files for the agent; null where the logs alone are read. It may come later than the agent.</summary>
    public string? Hooks { get; init; }

    /// <summary>Read what is there, deliver it, and end.</summary>
    public bool Once { get; init; }

    /// <summary>How often the logs are looked at.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often the runner's state is reported.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many bytes the spool may take on disk; past it, the logs wait.</summary>
    public long SpoolMaxBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long an event waits for a collector that is away before it is dropped and counted; shorter than the collector's horizon of 35 days.</summary>
    public TimeSpan SpoolMaxAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>How long the agent, told to end, goes on delivering what waits; the rest stays in the spool.</summary>
    public TimeSpan FlushTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How the program logs.</summary>
    public LogOptions Log { get; init; } = new();
}
