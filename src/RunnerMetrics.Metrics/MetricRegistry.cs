using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Metrics;

/// <summary>
/// All metric families of a process. Values are changed, and snapshots taken, under <see cref="Gate"/>; sending a snapshot needs no lock.
/// </summary>
public sealed class MetricRegistry : IDisposable
{
    /// <summary>From so many pages on, other cores help. Chosen, not measured.</summary>
    private const int PagesForAllCores = 16;

    private readonly List<MetricFamily> _families = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly List<Action> _collectors = [];
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    private readonly TextBuffer _scratch = new();
    private readonly List<(Page Page, ExpositionFormat Format)> _stale = [];
    private readonly Dictionary<string, object> _shared = new(StringComparer.Ordinal);
    private int _pieces;

    /// <summary>Held while anything is changed.</summary>
    public MetricGate Gate { get; } = new(new Lock());

    /// <summary>The order in which families are exposed, whenever they are added. Those that it does not name come last, as they were added; without one all do.</summary>
    public IReadOnlyList<MetricDescriptor> Order
    {
        init
        {
            foreach (var descriptor in value)
            {
                _places.TryAdd(descriptor.Name, _places.Count);
            }
        }
    }

    /// <summary>How many samples the last snapshot held.</summary>
    public int LastSamples { get; private set; }

    /// <summary>About how many bytes of text all series are; their text is kept from scrape to scrape.</summary>
    public long TextBytes
    {
        get
        {
            using (Gate.Enter())
            {
                return _families.Sum(family => family.TextBytes);
            }
        }
    }

    /// <summary>Adds a family.</summary>
    /// <exception cref="ArgumentException">There is one of that name already.</exception>
    public MetricFamily Add(MetricDescriptor descriptor)
    {
        using (Gate.Enter())
        {
            if (!_names.Add(descriptor.Name))
            {
                throw new ArgumentException($"A metric family named {descriptor.Name} is in this registry already.", nameof(descriptor));
            }

            var family = new MetricFamily(descriptor, Gate);
            var place = PlaceOf(family);
            var at = _families.Count;
            while (at > 0 && PlaceOf(_families[at - 1]) > place)
            {
                at--;
            }

            _families.Insert(at, family);
            return family;
        }
    }

    /// <summary>An object shared by several users of the registry: created by the first one, under the gate, so that its series are created at one moment.</summary>
    /// <param name="name">Its name among the shared objects.</param>
    /// <param name="make">Makes it.</param>
    /// <exception cref="ArgumentException">One of its families is already in this registry, or the name is used for something else.</exception>
    public T Share<T>(string name, Func<MetricRegistry, T> make)
        where T : class
    {
        using (Gate.Enter())
        {
            if (!_shared.TryGetValue(name, out var found))
            {
                _shared[name] = found = make(this);
            }

            return found as T ?? throw new ArgumentException($"'{name}' is shared as a {found.GetType().Name} already.", nameof(name));
        }
    }

    /// <summary>Adds a callback that updates values which are read, not counted: it runs before every snapshot, under the gate, and must be quick.</summary>
    public void AddCollector(Action collect)
    {
        using (Gate.Enter())
        {
            _collectors.Add(collect);
        }
    }

    /// <summary>All metrics as they are at this moment.</summary>
    public ScrapeSnapshot Snapshot(ExpositionFormat format)
    {
        using (Gate.Enter())
        {
            foreach (var collect in _collectors)
            {
                collect();
            }

            RenderStale(format);
            var snapshot = new ScrapeSnapshot(format, _pieces);
            foreach (var family in _families)
            {
                family.Expose(format, snapshot);
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

    /// <summary>Counts sources beyond a limit of series; exists once there is a limited family.</summary>
    public Counter DroppedSeries =>
        Share("dropped series", static registry => registry.Add(RegistryMetricCatalog.DroppedSeries).AddCounter(Labels.None));

    // Whoever changes a metric waits meanwhile, so every core helps with the pages of a large fleet.
    private void RenderStale(ExpositionFormat format)
    {
        _stale.Clear();
        foreach (var family in _families)
        {
            family.AddStale(format, _stale);
        }

        if (_stale.Count < PagesForAllCores)
        {
            foreach (var (page, own) in _stale)
            {
                page.Render(own, _scratch);
            }
        }
        else
        {
            Parallel.ForEach(
                _stale,
                static () => new TextBuffer(),
                static (stale, _, scratch) =>
                {
                    stale.Page.Render(stale.Format, scratch);
                    return scratch;
                },
                static scratch => scratch.Dispose());
        }
    }

    private int PlaceOf(MetricFamily family) => _places.GetValueOrDefault(family.Descriptor.Name, int.MaxValue);

    /// <inheritdoc/>
    public void Dispose()
    {
        using (Gate.Enter())
        {
            foreach (var family in _families)
            {
                family.ReleaseText();
            }

            _scratch.Dispose();
        }
    }
}
