using System.Globalization;
using System.Text;
using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Metrics;

/// <summary>
/// A metric family: its series in the order in which they were made, and the text of each page of them, kept until a
/// series on the page changes. A scrape renders the changed pages and copies the rest.
/// </summary>
public sealed class MetricFamily
{
    /// <summary>About how many lines one page holds: small enough to render again for one change, large enough to copy fast.</summary>
    private const int LinesPerPage = 512;

    /// <summary>The rest of a line besides name and labels: a bound, a value, a suffix.</summary>
    private const int ValueRoom = 24;

    private readonly List<Series> _series = [];
    private readonly List<Page> _pages = [];
    private readonly int _seriesPerPage;
    private readonly int _linesPerSeries;
    private readonly byte[] _textHeader;
    private readonly byte[] _openMetricsHeader;
    private readonly MetricGate _gate;

    internal MetricFamily(MetricDescriptor descriptor, MetricGate gate)
    {
        _gate = gate;
        Descriptor = descriptor;
        SampleName = Encoding.UTF8.GetBytes(descriptor.Name);
        BucketName = [.. SampleName, .. "_bucket"u8];
        SumName = [.. SampleName, .. "_sum"u8];
        CountName = [.. SampleName, .. "_count"u8];
        Bounds = [.. descriptor.Buckets];
        BucketLabels = descriptor.Type == MetricType.Histogram
            ? [.. descriptor.Buckets.Select(BucketLabel), "le=\"+Inf\"} "u8.ToArray()]
            : [];
        _linesPerSeries = descriptor.Type == MetricType.Histogram ? BucketLabels.Length + 2 : 1;
        _seriesPerPage = Math.Max(1, LinesPerPage / _linesPerSeries);
        _textHeader = FamilyHeader.ForText(descriptor);
        _openMetricsHeader = FamilyHeader.ForOpenMetrics(descriptor);
    }

    /// <summary>The family's description.</summary>
    public MetricDescriptor Descriptor { get; }

    /// <summary>About how many bytes of text its series are, shown or not.</summary>
    public long TextBytes { get; private set; }

    /// <summary>How many series it has, shown or not.</summary>
    public int Count => _series.Count;

    internal byte[] SampleName { get; }

    internal byte[] BucketName { get; }

    internal byte[] SumName { get; }

    internal byte[] CountName { get; }

    internal double[] Bounds { get; }

    internal byte[][] BucketLabels { get; }

    /// <summary>Makes a counter, which shows 0 at once.</summary>
    public Counter AddCounter(Labels labels) => Add(new Counter(this, labels), MetricType.Counter);

    /// <summary>Makes a gauge, absent until it is set.</summary>
    public Gauge AddGauge(Labels labels) => Add(new Gauge(this, labels), MetricType.Gauge);

    /// <summary>Makes a histogram, which shows 0 in every bucket at once.</summary>
    public Histogram AddHistogram(Labels labels) => Add(new Histogram(this, labels), MetricType.Histogram);

    /// <summary>Removes a series with its count.</summary>
    public void Remove(Series series)
    {
        _gate.Demand();
        if (series.Index < 0 || series.Index >= _series.Count || !ReferenceEquals(_series[series.Index], series))
        {
            throw new ArgumentException($"The series is not, or no longer, one of {Descriptor.Name}.", nameof(series));
        }

        var index = series.Index;
        TextBytes -= TextBytesOf(series);
        series.Index = Series.Removed;
        _series.RemoveAt(index);
        for (var i = index; i < _series.Count; i++)
        {
            _series[i].Index = i;
        }

        for (var p = index / _seriesPerPage; p < _pages.Count; p++)
        {
            _pages[p].MarkChanged();
        }

        var pagesNeeded = (_series.Count + _seriesPerPage - 1) / _seriesPerPage;
        while (_pages.Count > pagesNeeded)
        {
            _pages[^1].Dispose();
            _pages.RemoveAt(_pages.Count - 1);
        }
    }

    /// <summary>Puts series that were recreated in the order that they had: by their <see cref="Series.EarlierIndex"/>, and else as they were made.</summary>
    public void RestoreOrder()
    {
        _gate.Demand();
        _series.Sort((a, b) => (a.EarlierIndex, a.Index).CompareTo((b.EarlierIndex, b.Index)));
        for (var i = 0; i < _series.Count; i++)
        {
            _series[i].Index = i;
        }

        foreach (var page in _pages)
        {
            page.MarkChanged();
        }
    }

    internal void MarkChanged(Series series)
    {
        _gate.Demand();
        if (series.Index != Series.Removed)
        {
            _pages[series.Index / _seriesPerPage].MarkChanged();
        }
    }

    /// <summary>Frees the kept text; snapshots that are still being sent keep their shares.</summary>
    internal void ReleaseText()
    {
        foreach (var page in _pages)
        {
            page.Dispose();
        }
    }

    /// <summary>Adds the pages whose text is to be rendered before <see cref="Expose"/>.</summary>
    internal void AddStale(ExpositionFormat format, List<(Page Page, ExpositionFormat Format)> stale)
    {
        var own = OwnFormat(format);
        foreach (var page in _pages)
        {
            if (page.IsStale(own))
            {
                stale.Add((page, own));
            }
        }
    }

    /// <summary>Appends the family's text, as it is at this moment, in references that the snapshot owns.</summary>
    internal void Expose(ExpositionFormat format, ScrapeSnapshot snapshot)
    {
        var samples = 0;
        foreach (var page in _pages)
        {
            var text = page.TextIn(OwnFormat(format));
            if (text.Length == 0)
            {
                continue;
            }

            if (samples == 0)
            {
                snapshot.Add(format == ExpositionFormat.OpenMetrics ? _openMetricsHeader : _textHeader);
            }

            samples += page.Samples;
            snapshot.Add(text);
        }

        snapshot.Samples += samples;
    }

    // Only exemplars make a difference between the formats' lines.
    private ExpositionFormat OwnFormat(ExpositionFormat format) => Descriptor.HasExemplars ? format : ExpositionFormat.Text;

    private T Add<T>(T series, MetricType type)
        where T : Series
    {
        using var held = _gate.Enter();
        if (type != Descriptor.Type)
        {
            throw new InvalidOperationException($"{Descriptor.Name} is a {Descriptor.Type}: it has no {type} series.");
        }

        series.Index = _series.Count;
        TextBytes += TextBytesOf(series);
        _series.Add(series);
        if (_pages.Count * _seriesPerPage < _series.Count)
        {
            _pages.Add(new Page(_series, _pages.Count * _seriesPerPage, _seriesPerPage));
        }

        _pages[^1].MarkChanged();
        return series;
    }

    private long TextBytesOf(Series series) => (long)_linesPerSeries * (SampleName.Length + series.SharedLabels.Length + series.LastLabel.Length + ValueRoom);

    // OpenMetrics wants canonical numbers ("10.0"). Both formats write the same, so that a series keeps its name when a server changes format.
    private static byte[] BucketLabel(double bound)
    {
        var text = bound.ToString("R", CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes($"le=\"{(text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text)}\"}} ");
    }
}
