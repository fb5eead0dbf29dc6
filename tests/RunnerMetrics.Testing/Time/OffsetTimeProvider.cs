namespace RunnerMetrics.Testing;

/// <summary>A clock that runs as fast as the system's, from another moment: recorded files do not grow too old for a test.</summary>
public sealed class OffsetTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly TimeSpan _offset = start - System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _offset;
}
