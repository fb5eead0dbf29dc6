namespace RunnerMetrics.Agent.Spool;

/// <summary>How much a spool keeps.</summary>
internal sealed record SpoolOptions
{
    /// <summary>How large its file may grow, in bytes; past it, the logs wait.</summary>
    public long MaxBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How long an event waits for a collector that does not take it, before it is dropped and counted.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>A file that is larger is written again where most of it is settled.</summary>
    public long CompactAfter { get; init; } = 1024 * 1024;

    /// <summary>Between the first two tries to write; doubled up to <see cref="LongestRetry"/>.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(30);
}
