namespace RunnerMetrics.Metrics.Exposition;

/// <summary>
/// All metrics at one moment, as text. Holding one blocks nothing: the registry can change while it is sent.
/// Dispose it when it was sent.
/// </summary>
public sealed class ScrapeSnapshot : IDisposable
{
    private readonly List<ReadOnlyMemory<byte>> _pieces;
    private readonly List<TextPage> _pages = [];

    internal ScrapeSnapshot(ExpositionFormat format, int expectedPieces)
    {
        Format = format;
        _pieces = new List<ReadOnlyMemory<byte>>(expectedPieces);
    }

    /// <summary>The format of the text.</summary>
    public ExpositionFormat Format { get; }

    /// <summary>The text, in pieces that must be sent in this order.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Pieces => _pieces;

    /// <summary>The size of the text in bytes.</summary>
    public long Length { get; private set; }

    /// <summary>How many samples it holds.</summary>
    public int Samples { get; internal set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var page in _pages)
        {
            page.Release();
        }

        _pages.Clear();
        _pieces.Clear();
    }

    internal void Add(byte[] text)
    {
        _pieces.Add(text);
        Length += text.Length;
    }

    internal void Add(TextPage page)
    {
        page.Acquire();
        _pages.Add(page);
        _pieces.Add(page.Memory);
        Length += page.Length;
    }
}
