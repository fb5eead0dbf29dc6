using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Metrics;

/// <summary>The kept text of some adjacent series, in each requested format.</summary>
internal sealed class Page : IDisposable
{
    private TextPage? _text;
    private TextPage? _openMetrics;
    private bool _textStale = true;
    private bool _openMetricsStale = true;

    /// <summary>How many samples the page showed when it was last rendered.</summary>
    public int Samples { get; private set; }

    public void MarkChanged() => _textStale = _openMetricsStale = true;

    /// <summary>The page's text as it is now; it belongs to the page until the next change.</summary>
    public TextPage TextIn(ExpositionFormat format, List<Series> all, int start, int count, TextBuffer scratch)
    {
        if (format == ExpositionFormat.OpenMetrics)
        {
            if (_openMetricsStale)
            {
                Replace(ref _openMetrics, Render(format, all, start, count, scratch));
                _openMetricsStale = false;
            }

            return _openMetrics!;
        }

        if (_textStale)
        {
            Replace(ref _text, Render(format, all, start, count, scratch));
            _textStale = false;
        }

        return _text!;
    }

    public void Dispose()
    {
        _text?.Release();
        _openMetrics?.Release();
        _text = _openMetrics = null;
        MarkChanged();
    }

    private TextPage Render(ExpositionFormat format, List<Series> all, int start, int count, TextBuffer scratch)
    {
        scratch.Clear();
        Samples = 0;
        var end = Math.Min(start + count, all.Count);
        for (var i = start; i < end; i++)
        {
            all[i].Render(scratch, format);
            Samples += all[i].SampleCount;
        }

        return new TextPage(scratch.Written);
    }

    private static void Replace(ref TextPage? kept, TextPage fresh)
    {
        kept?.Release();
        kept = fresh;
    }
}
