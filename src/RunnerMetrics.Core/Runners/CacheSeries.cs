using RunnerMetrics.Core.Metrics;

namespace RunnerMetrics.Core.Runners;

/// <summary>What the caches of one runner served, by cache type; a type's series are born at its first report.</summary>
internal sealed class CacheSeries(FleetFamilies families, Labels runner, bool withGauge)
{
    /// <summary>How many cache types one runner may report; their names come from outside.</summary>
    private const int MaxTypes = 16;

    private static readonly LabelPair Hit = new("result", "hit");
    private static readonly LabelPair Miss = new("result", "miss");

    private readonly Dictionary<string, Entry> _types = new(StringComparer.Ordinal);

    /// <summary>Counts a report.</summary>
    /// <returns>False where its type passed the limit and was counted under <c>other</c>.</returns>
    public bool Count(string cacheType, ulong hits, ulong misses)
    {
        var known = _types.TryGetValue(cacheType, out var entry);
        var within = known || _types.Count < MaxTypes;
        if (!known)
        {
            var label = within ? cacheType : RunnerIdentity.OtherName;
            if (within || !_types.TryGetValue(label, out entry))
            {
                entry = Add(label, withRate: within && withGauge && label != RunnerIdentity.OtherName);
            }
        }

        entry!.Hits.Increment(hits);
        entry.Misses.Increment(misses);
        var requests = entry.Hits.Value + entry.Misses.Value;
        entry.Rate?.Set(requests > 0 ? entry.Hits.Value / requests : null);
        return within;
    }

    /// <summary>Counts all that another runner's series counted, too.</summary>
    public void Add(CacheSeries other)
    {
        foreach (var (type, entry) in other._types)
        {
            Count(type, (ulong)entry.Hits.Value, (ulong)entry.Misses.Value);
        }
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_types.Count);
        foreach (var (label, entry) in _types)
        {
            writer.Write(label);
            writer.Write(entry.Rate is not null);
            entry.Hits.Save(writer);
            entry.Misses.Save(writer);
            entry.Rate?.Save(writer);
        }
    }

    public void Load(BinaryReader reader)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var label = reader.ReadString();
            var entry = Add(label, withRate: reader.ReadBoolean());
            entry.Hits.Load(reader);
            entry.Misses.Load(reader);
            entry.Rate?.Load(reader);
        }
    }

    public void Remove()
    {
        foreach (var entry in _types.Values)
        {
            families.CacheRequests.Remove(entry.Hits);
            families.CacheRequests.Remove(entry.Misses);
            if (entry.Rate is not null)
            {
                families.CacheHitRate.Remove(entry.Rate);
            }
        }

        _types.Clear();
    }

    private Entry Add(string label, bool withRate)
    {
        var type = runner.With(new LabelPair("cache_type", label));
        return _types[label] = new Entry(
            families.CacheRequests.AddCounter(type.With(Hit)),
            families.CacheRequests.AddCounter(type.With(Miss)),
            withRate ? families.CacheHitRate.AddGauge(type) : null);
    }

    private sealed record Entry(Counter Hits, Counter Misses, Gauge? Rate);
}
