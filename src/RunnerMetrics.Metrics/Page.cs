using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Metrics;

/// <summary>The kept text of some adjacent series of a family, in each requested format.</summary>
/// <param name="family">All series of the family.</param>
/// <param name="first">The index of the first of them.</param>
/// <param name="most">How many they are at most; the family's last page has fewer.</param>
internal sealed class Page(List<Series> family, int first, int most) : IDisposable
{
    private TextPage? _text;
    private TextPage? _openMetrics;
    private bool _textStale = true;
    private bool _openMetricsStale = true;

    /// <summary>How many samples the page showed when it was last rendered.</summary>
    public int Samples { get; private set; }

    public void MarkChanged() => _textStale = _openMetricsStale = true;

    /// <summary>Whether the kept text of a format is not that of the series as they are now.</summary>
    public bool IsStale(ExpositionFormat format) => format == ExpositionFormat.OpenMetrics ? _openMetricsStale : _textStale;

    /// <summary>The text that was rendered last; it belongs to the page until it is rendered again.</summary>
    public TextPage TextIn(ExpositionFormat format) => (format == ExpositionFormat.OpenMetrics ? _openMetrics : _text)!;

    /// <summary>Renders the series as they are now. Several pages can be rendered at once, each into a buffer of its own.</summary>
    public void Render(ExpositionFormat format, TextBuffer scratch)
    {
        scratch.Clear();
        Samples = 0;
        var end = Math.Min(first + most, family.Count);
        for (var i = first; i < end; i++)
        {
            family[i].Render(scratch, format);
            Samples += family[i].SampleCount;
        }

        if (format == ExpositionFormat.OpenMetrics)
        {
            Replace(ref _openMetrics, scratch);
            _openMetricsStale = false;
        }
        else
        {
            Replace(ref _text, scratch);
            _textStale = false;
        }
    }

    public void Dispose()
    {
        _text?.Release();
        _openMetrics?.Release();
        _text = _openMetrics = null;
        MarkChanged();
    }

    private static void Replace(ref TextPage? kept, TextBuffer fresh)
    {
        // First, so that the old text is kept if there is no memory for it.
        var text = new TextPage(fresh.Written);
        kept?.Release();
        kept = text;
    }
}
