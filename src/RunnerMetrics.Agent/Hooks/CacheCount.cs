namespace RunnerMetrics.Agent.Hooks;

/// <summary>What a cache served and what it did not.</summary>
/// <param name="Hits">Requests that it served.</param>
/// <param name="Misses">Cache misses since the last report.</param>
/// <param name="Unknown">Lines of the tool that could not be read, and may contain more.</param>
internal readonly record struct CacheCount(ulong Hits, ulong Misses, ulong Unknown = 0)
{
    /// <summary>More than any job asks for; the collector takes no more.</summary>
    public const ulong Most = 1_000_000;

    public bool IsEmpty => Hits == 0 && Misses == 0 && Unknown == 0;
}
