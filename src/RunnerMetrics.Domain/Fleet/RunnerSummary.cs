namespace RunnerMetrics.Domain.Fleet;

/// <summary>A summary of one runner, for people.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="State">idle, busy, disconnected, offline, or unknown without a heartbeat.</param>
/// <param name="Version">The Actions runner's version, or empty.</param>
/// <param name="LastHeard">When it last reported, or null.</param>
/// <param name="OpenJobs">How many of its jobs have not ended.</param>
/// <param name="Scope">Where it is registered, or empty.</param>
public sealed record RunnerSummary(string Name, string Type, string State, string Version, DateTimeOffset? LastHeard, int OpenJobs, string Scope);
