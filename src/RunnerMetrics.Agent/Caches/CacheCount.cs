namespace RunnerMetrics.Agent.Caches;

/// <summary>What a cache served and what it did not.</summary>
internal readonly record struct CacheCount(ulong Hits, ulong Misses)
{
    /// <summary>More than any job asks for; the collector takes no more.</summary>
    public const ulong Most = 1_000_000;

    public bool IsEmpty => Hits == 0 && Misses == 0;
}
