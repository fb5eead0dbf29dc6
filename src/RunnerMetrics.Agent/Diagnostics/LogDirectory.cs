using System.IO.Enumeration;
using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// A runner's _diag folder on disk. It is listed again only when it changed, and now and then regardless: not every file system keeps its folders'
/// times to the tick. It and its files are polled because file system notifications do not cross the bind mounts that containers share such a folder by.
/// </summary>
internal sealed class LogDirectory(string path, TimeProvider time, ILogger logger) : ILogFolder
{
    /// <summary>A job can write files here, but no runner writes so many: older ones are ignored.</summary>
    public const int MostFiles = 20_000;

    private const int ListAnyway = 20;

    // A file system's clock ticks slowly: what is made right after a listing can leave the folder's time as it is.
    private const int ListAgain = 2;

    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, long> _unreadable = new(StringComparer.Ordinal);
    private readonly ListenerProcess _process = new(path, time);
    private DateTime _listedState;
    private int _sinceListed = ListAnyway;
    private int _listAgain;
    // Every name that was listed last, of either kind.
    private HashSet<string> _names = new(StringComparer.Ordinal);
    private string[] _listeners = [];
    private string[] _workers = [];
    private bool _saidTooMany;

    public string Path { get; } = path;

    public bool Exists { get; private set; }

    public int Version { get; private set; }

    /// <summary>Whether a worker's log can be read now that could not before, since this was last asked.</summary>
    public bool IsWorkerBack { get; set; }

    /// <summary>Looks again.</summary>
    /// <exception cref="IOException">The folder cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be listed.</exception>
    public void Refresh()
    {
        Exists = Directory.Exists(Path);
        if (!Exists)
        {
            Take([]);
            _sinceListed = ListAnyway;
            return;
        }

        TryUnreadable();
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

        Take(List());
        _listedState = state;
        _sinceListed = 0;
    }

    public ReadOnlySpan<string> Names(LogKind kind) => kind == LogKind.Listener ? _listeners : _workers;

    public bool HasListener() => _process.IsRunning();

    public ILogFile? Open(string name, long offset)
    {
        if (_unreadable.TryGetValue(name, out var triedAt) && time.GetElapsedTime(triedAt) < TryAgain)
        {
            return null;
        }

        try
        {
            var file = new LogFile(System.IO.Path.Combine(Path, name), offset);
            IsWorkerBack |= _unreadable.Remove(name) && name.StartsWith(LogName.Prefix(LogKind.Worker), StringComparison.Ordinal);
            return file;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            if (_unreadable.TryAdd(name, 0))
            {
                DiagnosticsLog.FileUnreadable(logger, System.IO.Path.Combine(Path, name), failure.Message);
            }

            _unreadable[name] = time.GetTimestamp();
            return null;
        }
    }

    // A folder of thousands is listed at each new file: a name that is known costs no memory, and names that are all known no sorting.
    private List<string> List()
    {
        var known = _names.GetAlternateLookup<ReadOnlySpan<char>>();
        return
        [
            .. new FileSystemEnumerable<string>(
                Path, (ref FileSystemEntry entry) => known.TryGetValue(entry.FileName, out var name) ? name : entry.FileName.ToString(), new EnumerationOptions { AttributesToSkip = 0 })
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                    (LogName.Is(entry.FileName, LogKind.Listener) || LogName.Is(entry.FileName, LogKind.Worker)) && !entry.IsDirectory,
            },
        ];
    }

    private void Take(List<string> names)
    {
        if (names.Count == _names.Count && names.TrueForAll(_names.Contains))
        {
            return;
        }

        _names = names.ToHashSet(StringComparer.Ordinal);
        (_listeners, _workers) = (Sorted(names, LogKind.Listener), Sorted(names, LogKind.Worker));
        Version++;
    }

    private string[] Sorted(List<string> all, LogKind kind)
    {
        var names = all.Where(name => LogName.Is(name, kind)).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        if (names.Length > MostFiles && !_saidTooMany)
        {
            _saidTooMany = true;
            DiagnosticsLog.TooManyFiles(logger, Path, names.Length, MostFiles);
        }

        return names.Length > MostFiles ? names[^MostFiles..] : names;
    }

    private void TryUnreadable()
    {
        foreach (var (name, triedAt) in _unreadable)
        {
            if (time.GetElapsedTime(triedAt) >= TryAgain)
            {
                if (File.Exists(System.IO.Path.Combine(Path, name)))
                {
                    Open(name, 0)?.Dispose();
                }
                else
                {
                    _unreadable.Remove(name);
                }

                return;
            }
        }
    }
}
