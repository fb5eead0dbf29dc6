using RunnerMetrics.Core.Exposition;

namespace RunnerMetrics.Core.Metrics;

/// <summary>
/// All metric families of a process. Values are changed, and snapshots taken, under <see cref="Gate"/>; sending a snapshot needs no lock.
/// </summary>
public sealed class MetricRegistry : IDisposable
{
    private readonly List<MetricFamily> _families = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<Action> _collectors = [];
    private readonly TextBuffer _scratch = new();
    private int _pieces;

    /// <summary>Held while anything is changed: whoever changes several series that belong together holds it for all of them.</summary>
    public Lock Gate { get; } = new();

    /// <summary>How many samples the last snapshot held.</summary>
    public int LastSamples { get; private set; }

    /// <summary>Adds a family.</summary>
    /// <exception cref="ArgumentException">There is one of that name already.</exception>
    public MetricFamily Add(MetricDescriptor descriptor)
    {
        lock (Gate)
        {
            if (!_names.Add(descriptor.Name))
            {
                throw new ArgumentException($"A metric family named {descriptor.Name} is in this registry already.", nameof(descriptor));
            }

            var family = new MetricFamily(descriptor);
            _families.Add(family);
            return family;
        }
    }

    /// <summary>Adds what brings values up to date that are read, not counted: it runs before every snapshot, under the gate, and must be quick.</summary>
    public void AddCollector(Action collect)
    {
        lock (Gate)
        {
            _collectors.Add(collect);
        }
    }

    /// <summary>All metrics as they are at this moment.</summary>
    public ScrapeSnapshot Snapshot(ExpositionFormat format)
    {
        lock (Gate)
        {
            foreach (var collect in _collectors)
            {
                collect();
            }

            var snapshot = new ScrapeSnapshot(format, _pieces);
            foreach (var family in _families)
            {
                family.Expose(format, _scratch, snapshot);
            }

            if (format == ExpositionFormat.OpenMetrics)
            {
                snapshot.Add("# EOF\n"u8.ToArray());
            }

            _pieces = snapshot.Pieces.Count + 8;
            LastSamples = snapshot.Samples;
            return snapshot;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _scratch.Dispose();
}
