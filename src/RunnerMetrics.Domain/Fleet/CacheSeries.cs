using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>
/// Cache hits and misses of one runner, or of runners that are counted together, by cache type; a type's series are created at its first report. The types that the agent itself
/// reports always have their place. Others are named by jobs: there is room for a few of them, and one that was not reported for long is evicted.
/// </summary>
internal sealed class CacheSeries(FleetFamilies families, Labels runner, bool withGauge)
{
    /// <summary>How many cache types jobs may name.</summary>
    private const int MaxNamed = 16;

    /// <summary>How long a type named by a job keeps its place, by the reports' own times.</summary>
    private static readonly TimeSpan NamedFor = TimeSpan.FromDays(7);

    /// <summary>The types that the agent reads itself or that GitHub has (docs/runners.md).</summary>
    private static readonly string[] Known = ["actions", "apt", "buildkit", "npm"];

    private static readonly LabelPair Hit = new("result", "hit");
    private static readonly LabelPair Miss = new("result", "miss");

    private readonly Dictionary<string, Entry> _types = new(StringComparer.Ordinal);

    /// <summary>Counts a report.</summary>
    /// <param name="cacheType">The type.</param>
    /// <param name="hits">Requests that it served.</param>
    /// <param name="misses">Requests that it did not serve.</param>
    /// <param name="at">When that was.</param>
    /// <returns>False if its type passed the limit and was counted under <c>other</c>.</returns>
    public bool Count(string cacheType, ulong hits, ulong misses, DateTimeOffset at)
    {
        var within = _types.TryGetValue(cacheType, out var entry) || HasPlaceFor(cacheType, at);
        var label = within ? cacheType : RunnerIdentity.OtherName;
        if (entry is null && !_types.TryGetValue(label, out entry))
        {
            entry = Add(label, withRate: withGauge && label != RunnerIdentity.OtherName);
        }

        entry.LastAt = at > entry.LastAt ? at : entry.LastAt;
        entry.Hits.Increment(hits);
        entry.Misses.Increment(misses);
        var requests = entry.Hits.Value + entry.Misses.Value;
        entry.Rate?.Set(requests > 0 ? entry.Hits.Value / requests : null);
        return within;
    }

    /// <summary>Adds the counts of another runner's series.</summary>
    public void Add(CacheSeries other)
    {
        foreach (var (type, entry) in other._types)
        {
            Count(type, (ulong)entry.Hits.Value, (ulong)entry.Misses.Value, entry.LastAt);
        }
    }

    public IEnumerable<Saved.CacheSeries> Save() => _types.Select(type => new Saved.CacheSeries
    {
        CacheType = type.Key,
        Hits = type.Value.Hits.Save(),
        Misses = type.Value.Misses.Save(),
        HitRate = type.Value.Rate?.Save(),
        LastAt = type.Value.LastAt.Save(),
    });

    public void Load(IEnumerable<Saved.CacheSeries> saved)
    {
        foreach (var series in saved)
        {
            var entry = Add(series.CacheType, withRate: series.HitRate is not null);
            entry.Hits.Load(series.Hits);
            entry.Misses.Load(series.Misses);
            entry.Rate?.Load(series.HitRate);
            entry.LastAt = series.LastAt.LoadOrNever();
        }
    }

    public void Remove()
    {
        foreach (var type in _types.Keys.ToArray())
        {
            Remove(type);
        }
    }

    private bool HasPlaceFor(string cacheType, DateTimeOffset at)
    {
        if (Known.Contains(cacheType) || cacheType == RunnerIdentity.OtherName)
        {
            return true;
        }

        var named = _types.Where(type => !Known.Contains(type.Key) && type.Key != RunnerIdentity.OtherName).ToList();
        if (named.Count < MaxNamed)
        {
            return true;
        }

        var unused = named.MinBy(type => type.Value.LastAt);
        if (at - unused.Value.LastAt <= NamedFor)
        {
            return false;
        }

        Remove(unused.Key);
        return true;
    }

    private void Remove(string type)
    {
        _types.Remove(type, out var entry);
        families.CacheRequests.Remove(entry!.Hits);
        families.CacheRequests.Remove(entry.Misses);
        if (entry.Rate is not null)
        {
            families.CacheHitRate.Remove(entry.Rate);
        }
    }

    private Entry Add(string label, bool withRate)
    {
        var type = runner.With(new LabelPair("cache_type", label));
        return _types[label] = new Entry(
            families.CacheRequests.AddCounter(type.With(Hit)),
            families.CacheRequests.AddCounter(type.With(Miss)),
            withRate ? families.CacheHitRate.AddGauge(type) : null);
    }

    private sealed record Entry(Counter Hits, Counter Misses, Gauge? Rate)
    {
        public DateTimeOffset LastAt { get; set; } = DateTimeOffset.MinValue;
    }
}
