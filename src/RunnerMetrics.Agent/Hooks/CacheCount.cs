namespace RunnerMetrics.Agent.Hooks;

/// <summary>What a cache served and what it did not.</summary>
/// <param name="Hits">Requests that it served.</param>
/// <param name="Misses">Requests that it did not.</param>
/// <param name="Unknown">Lines of the tool's that could not be read, and may tell of more.</param>
internal readonly record struct CacheCount(ulong Hits, ulong Misses, ulong Unknown = 0)
{
    /// <summary>More than any job asks for; the collector takes no more.</summary>
    public const ulong Most = 1_000_000;

    public bool IsEmpty => Hits == 0 && Misses == 0 && Unknown == 0;
}
