using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>A summary of one runner, for people.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="State">idle, busy, disconnected, offline, or unknown without a heartbeat.</param>
/// <param name="Version">The Actions runner's version, or empty.</param>
/// <param name="LastHeard">When it last reported, or null.</param>
/// <param name="OpenJobs">How many of its jobs have not ended.</param>
/// <param name="Scope">Where it is registered, or empty.</param>
public sealed record RunnerSummary(string Name, string Type, string State, string Version, DateTimeOffset? LastHeard, int OpenJobs, string Scope)
{
    /// <summary>Since when it is in its state, by the sender's time; of one that is silent, when it was last heard. Null where that is not known.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When its listener started, where known.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Whether it takes one job and is gone.</summary>
    public bool IsEphemeral { get; init; }

    /// <summary>Whether an agent speaks for it, and not GitHub alone.</summary>
    public bool HasAgent { get; init; }

    /// <summary>The job that it runs; null where it runs none that its agent told of.</summary>
    public JobIdentity? Job { get; init; }

    /// <summary>When that job began.</summary>
    public DateTimeOffset? JobStartedAt { get; init; }
}
