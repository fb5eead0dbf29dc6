namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// What one process wrote, over all its pages. It continues in a new file when one is full; which file that is, others find out
/// (<see cref="LogPages"/>), for the folder holds those of several processes.
/// </summary>
internal sealed class PagedLog(ILogFolder folder, LogPosition from) : ILineSource, IDisposable
{
    // Far longer than any of a runner's: a file with a longer one is not a log, and may be a sparse file of a terabyte.
    private const long LongestLine = 16 * 1024 * 1024;

    private readonly List<string> _pages = [from.File];
    private readonly long _offset = from.Offset;
    private ILogFile? _file;
    private int _page;

    public ReadOnlySpan<byte> Line => _file!.Line;

    public LogPosition Start { get; private set; }

    public LogPosition Next => new(_pages[_page], _file?.Next ?? (_page == 0 ? _offset : 0));

    /// <summary>All files, the last of which is written to, if any is.</summary>
    public IReadOnlyList<string> Pages => _pages;

    /// <summary>Whether a file was replaced by a shorter one.</summary>
    public bool IsStale => _file is { IsStale: true };

    /// <summary>Whether the process visibly holds the last known page; null if that cannot be determined.</summary>
    public bool? IsHeld() => _page == _pages.Count - 1 ? _file?.IsHeld() : null;

    /// <summary>The process continued in another file.</summary>
    public void Continue(string page) => _pages.Add(page);

    public LineRead Read()
    {
        _file ??= folder.Open(_pages[_page], _page == 0 ? _offset : 0);
        if (_file is null)
        {
            return LineRead.None;
        }

        // The writer closed a page before it made the later one, but perhaps after the first read.
        var within = _file.Next + LongestLine;
        if (_file.Read(within) || (_page < _pages.Count - 1 && (_file.Read(within) || _file.ReadRest())))
        {
            Start = new LogPosition(_pages[_page], _file.Start);
            return LineRead.Line;
        }

        if (_file.IsStale || _page == _pages.Count - 1)
        {
            return LineRead.None;
        }

        _page++;
        Dispose();
        return LineRead.PageEnd;
    }

    public void Dispose()
    {
        _file?.Dispose();
        _file = null;
    }
}
