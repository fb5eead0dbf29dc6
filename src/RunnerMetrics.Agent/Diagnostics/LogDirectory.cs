namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// The names of a runner's log files, in the order in which they were written. The folder is listed again only when it changed, and now and
/// then regardless: not every file system keeps its folders' times to the tick.
/// </summary>
internal sealed class LogDirectory(string path)
{
    private const int ListAnyway = 20;

    // A file system's clock ticks slowly: what is made right after a listing can leave the folder's time as it is.
    private const int ListAgain = 2;

    private DateTime _listedState;
    private int _sinceListed = ListAnyway;
    private int _listAgain;
    private string[] _listeners = [];
    private string[] _workers = [];

    public string Path { get; } = path;

    public bool Exists { get; private set; }

    /// <summary>Looks again.</summary>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be listed.</exception>
    public void Refresh()
    {
        Exists = Directory.Exists(Path);
        if (!Exists)
        {
            _listeners = _workers = [];
            _sinceListed = ListAnyway;
            return;
        }

        var state = Directory.GetLastWriteTimeUtc(Path);
        if (state != _listedState)
        {
            _listAgain = ListAgain;
        }
        else if (_listAgain > 0)
        {
            _listAgain--;
        }
        else if (++_sinceListed < ListAnyway)
        {
            return;
        }

        _listeners = List("Runner_*-utc.log");
        _workers = List("Worker_*-utc.log");
        _listedState = state;
        _sinceListed = 0;
    }

    public ReadOnlySpan<string> Names(LogKind kind) => kind == LogKind.Listener ? _listeners : _workers;

    private string[] List(string pattern)
    {
        var names = Directory.EnumerateFiles(Path, pattern).Select(file => System.IO.Path.GetFileName(file)).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }
}
