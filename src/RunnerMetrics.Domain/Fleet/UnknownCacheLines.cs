using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>Lines of tools that no parser could read, by cache type: how far the counts of requests can be believed. Past the limit they count as <c>other</c>.</summary>
internal sealed class UnknownCacheLines(FleetFamilies families, int maxLabelSets)
{
    private readonly Dictionary<string, Counter> _types = new(StringComparer.Ordinal);

    /// <summary>Counts a report's; a type is shown at 0 from its first report on.</summary>
    public void Count(string cacheType, ulong lines) => CounterOf(cacheType).Increment(lines);

    public IEnumerable<Saved.Piece> Save() =>
        _types.Select(type => new Saved.Piece { UnknownCacheLines = new Saved.UnknownCacheLines { CacheType = type.Key, Lines = type.Value.Save() } });

    public void Load(Saved.UnknownCacheLines saved) => Add(saved.CacheType).Load(saved.Lines);

    private Counter CounterOf(string cacheType)
    {
        if (_types.TryGetValue(cacheType, out var known))
        {
            return known;
        }

        if (_types.Count < maxLabelSets)
        {
            return Add(cacheType);
        }

        families.DroppedSeries.Increment();
        return _types.TryGetValue(RunnerIdentity.OtherName, out var other) ? other : Add(RunnerIdentity.OtherName);
    }

    private Counter Add(string cacheType) => _types[cacheType] = families.CacheLinesUnknown.AddCounter(Labels.Of(("cache_type", cacheType)));
}
