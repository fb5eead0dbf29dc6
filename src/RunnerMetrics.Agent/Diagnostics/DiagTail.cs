using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// A runner's _diag folder, followed: whoever polls it gets what happened since. Every call of the listener's program writes a log of its own there
/// (<c>config.sh</c>, <c>--version</c>, a second <c>run.sh</c>): all of them are read, and which of them listens is found out from what they say and
/// whether they can be seen to live.
/// </summary>
/// <remarks>
/// New is what was not there before, whatever its name says: clocks go back. A log that is read is watched until its process said its last words, or
/// is known to be gone. One that listened ends where another one does: GitHub keeps one session a runner.
/// </remarks>
internal sealed class DiagTail : IDisposable
{
    /// <summary>As many logs as are watched at once; more are somebody's who writes files there.</summary>
    private const int MostLogs = 32;

    /// <summary>As many files as are looked at again in one round that hold nothing yet to tell by what they are.</summary>
    private const int MostUndecided = 16;

    // Two processes that begin within one second write into one file, so what is over is watched a little longer.
    private static readonly TimeSpan WatchedAfterEnd = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ReadAgainAtMost = TimeSpan.FromMinutes(10);

    private readonly string _runnerName;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogDirectory? _directory;
    private readonly ILogFolder _folder;
    private readonly Machine _machine;
    private readonly List<ListenerLog> _logs = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _new = new(StringComparer.Ordinal);
    private readonly List<string> _undecided = [];
    private HashSet<ulong> _doneBefore = [];
    private ulong[]? _doneHashes;
    private int _pagesDone;
    private WorkerLogs _workers;
    private DiagCheckpoint? _resume;
    private bool _isResumed;
    private bool _isLive;
    private int _version = -1;
    private long? _readAgainAt;
    private bool _complained;
    private bool _saidWiped;
    private ListenerLog? _last;

    public DiagTail(string path, string runnerName, DiagCheckpoint? from, TimeProvider time, ILogger logger)
        : this(new LogDirectory(path, time, logger), runnerName, from, Machine.Here, time, logger)
    {
    }

    public DiagTail(ILogFolder folder, string runnerName, DiagCheckpoint? from, Machine machine, TimeProvider time, ILogger logger)
    {
        _folder = folder;
        _directory = folder as LogDirectory;
        _runnerName = runnerName;
        _machine = machine;
        _time = time;
        _logger = logger;
        _resume = from;
        _workers = new WorkerLogs(folder);
    }

    /// <summary>The life of the listener that listens, or listened last.</summary>
    public ListenerLife? Life => (Living ?? _last)?.Life;

    /// <summary>The life of the listener that can be seen to live, and listens or tries to.</summary>
    public ListenerLife? LivingLife => Living?.Life is { } life ? life with { Listened = true } : null;

    /// <summary>All logs that are watched, in the order in which they came.</summary>
    public IReadOnlyList<ListenerLog> Logs => _logs;

    public DiagCheckpoint Checkpoint => _resume ?? new DiagCheckpoint([.. _logs.Select(log => log.Place)], HashDone(), _machine);

    /// <summary>The listener that listened last, or tried to, whatever became of it.</summary>
    public ListenerLog? LastToListen => _last ?? _logs.LastOrDefault(log => log.Life is { Tried: true });

    /// <summary>The listener that can be seen to live.</summary>
    public ListenerLog? Living
    {
        get
        {
            var candidates = _logs.Where(log => log.Listens).ToList();
            return candidates.LastOrDefault(log => log == _last && log.IsBacked)
                ?? candidates.LastOrDefault(log => log.IsBacked && log.Life is { Listened: true })
                ?? candidates.LastOrDefault(log => log.IsBacked)
                ?? candidates.LastOrDefault(log => log == (_last ?? candidates[^1]) && !log.ShowsLocks && _folder.HasListener());
        }
    }

    /// <summary>Reads on; see <see cref="DiagReader.Read"/>.</summary>
    public bool Read(List<DiagEvent> events, int limit, bool final)
    {
        if (!Refresh())
        {
            return false;
        }

        Resume();
        NoteNew();
        var more = ReadAll(events, limit, final);
        if (_logs.Exists(log => log.IsStale))
        {
            DiagnosticsLog.FileReplaced(_logger, _folder.Path);
            ReadAgain();
            more = ReadAll(events, limit, final);
        }

        if (more)
        {
            return true;
        }

        _isLive = true;
        _logs.ForEach(log => log.CatchUp());
        Judge(events, final);
        Retire(events);
        Living?.Report();
        return events.Count >= limit;
    }

    public void Dispose()
    {
        _logs.ForEach(log => log.Dispose());
        _workers.Dispose();
    }

    // Whether there is something to read. What was open when the folder was wiped is read on.
    private bool Refresh()
    {
        if (_directory is null)
        {
            return true;
        }

        try
        {
            _directory.Refresh();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Complain(() => DiagnosticsLog.DirectoryUnreadable(_logger, _directory.Path, failure.Message));
            return _logs.Count > 0;
        }

        if (!_directory.Exists)
        {
            Complain(SayAbsent);
            return _logs.Count > 0;
        }

        _complained = false;
        if (_directory.IsWorkerBack && (_readAgainAt is not { } at || _time.GetElapsedTime(at) >= ReadAgainAtMost))
        {
            // A log that was passed over may tell of jobs. Everything is read again: what was told before has the same ids.
            DiagnosticsLog.ReadingAgain(_logger, _directory.Path);
            _directory.IsWorkerBack = false;
            _readAgainAt = _time.GetTimestamp();
            ReadAgain();
        }

        return true;
    }

    private void SayAbsent()
    {
        if (_resume is { Logs: [var place, ..] })
        {
            DiagnosticsLog.PlaceGone(_logger, place.At.File, _folder.Path);
        }
        else if (_logs.Count > 0)
        {
            DiagnosticsLog.DirectoryWiped(_logger, _folder.Path);
        }
        else
        {
            DiagnosticsLog.DirectoryAbsent(_logger, _folder.Path);
        }
    }

    private void ReadAgain()
    {
        Dispose();
        _logs.Clear();
        _known.Clear();
        _new.Clear();
        _undecided.Clear();
        _done.Clear();
        _doneBefore.Clear();
        _doneHashes = null;
        _last = null;
        _version = -1;
        _isLive = false;
        _workers = new WorkerLogs(_folder);
        NoteNew();
    }

    private void Resume()
    {
        if (_resume is not { } from)
        {
            return;
        }

        _resume = null;
        _doneBefore = [.. from.Done];
        var isElsewhere = from.Machine != _machine;
        foreach (var place in from.Logs)
        {
            if (_folder.Names(LogKind.Listener).BinarySearch(place.At.File, StringComparer.Ordinal) < 0)
            {
                DiagnosticsLog.PlaceGone(_logger, place.At.File, _folder.Path);
                continue;
            }

            _known.Add(place.At.File);
            var log = new ListenerLog(_runnerName, _folder, place, _workers, isNew: false, _time)
            {
                HasBeginning = Begins(place.At.File) is true,
                IsResumed = true,
                IsFromElsewhere = isElsewhere,
            };
            _logs.Add(log);
            NoteLast(log);
        }

        _isResumed = _logs.Count > 0;
    }

    // What is in the folder and was not. Names that are gone are forgotten.
    private void NoteNew()
    {
        if (_version == _folder.Version)
        {
            return;
        }

        _version = _folder.Version;
        var names = _folder.Names(LogKind.Listener);
        foreach (var name in names)
        {
            if (!_known.Add(name))
            {
                continue;
            }

            if (_doneBefore.Contains(DiagCheckpoint.NameHash(name)))
            {
                _done.Add(name);
            }
            else
            {
                _new.Add(name);
            }
        }

        if (_known.Count > names.Length)
        {
            var there = names.ToArray().ToHashSet(StringComparer.Ordinal);
            _known.IntersectWith(there);
            _done.IntersectWith(there);
            _new.IntersectWith(there);
            if (!_saidWiped && _logs.Exists(log => log.Listens && !there.Contains(log.Pages[^1])))
            {
                _saidWiped = true;
                DiagnosticsLog.LogRemoved(_logger, _folder.Path);
            }
        }

        _doneHashes = null;
    }

    private bool ReadAll(List<DiagEvent> events, int limit, bool final)
    {
        foreach (var log in _logs.ToArray())
        {
            if (log.Read(events, limit, final))
            {
                return true;
            }

            NoteLast(log);
        }

        for (var i = Math.Min(_undecided.Count, MostUndecided); i > 0; i--)
        {
            if (_known.Contains(_undecided[0]))
            {
                _new.Add(_undecided[0]);
            }

            _undecided.RemoveAt(0);
        }

        var pages = new List<string>();
        foreach (var name in _new.ToArray())
        {
            var more = false;
            switch (Begins(name))
            {
                case null:
                    _new.Remove(name);
                    _undecided.Add(name);
                    break;
                case true:
                    more = Follow(name, hasBeginning: true, events, limit, final);
                    break;
                case false when !TryPlace(name, LogPages.AtOnce, events, limit, final, out more):
                    pages.Add(name);
                    break;
            }

            if (more)
            {
                return true;
            }
        }

        // What is left follows on a log that is read only now, because the clock was set back. One that continues nobody's has lost its beginning.
        for (var i = 0; i < pages.Count; i++)
        {
            if (TryPlace(pages[i], LogPages.AtOnce, events, limit, final, out var more))
            {
                pages.RemoveAt(i);
                i = -1;
            }

            if (more)
            {
                return true;
            }
        }

        foreach (var name in pages)
        {
            if (!TryPlace(name, LogPages.Longest, events, limit, final, out var more) && IsAllRead)
            {
                more = Follow(name, hasBeginning: false, events, limit, final);
            }

            if (more)
            {
                return true;
            }
        }

        return false;
    }

    private bool? Begins(string name)
    {
        using var file = _folder.Open(name, 0);
        return file is null ? null : LogHead.Of(file, LogKind.Listener).Begins;
    }

    private bool Follow(string name, bool hasBeginning, List<DiagEvent> events, int limit, bool final)
    {
        _new.Remove(name);
        var log = new ListenerLog(
            _runnerName, _folder, new ListenerPlace(new LogPosition(name, 0), null, null, false), _workers, isNew: _isLive, _time)
        {
            HasBeginning = hasBeginning,
        };
        _logs.Add(log);
        var more = log.Read(events, limit, final);
        NoteLast(log);
        Retire(events);
        return more;
    }

    // Whether the page is somebody's; more: whether reading paused in it.
    private bool TryPlace(string page, TimeSpan within, List<DiagEvent> events, int limit, bool final, out bool more)
    {
        more = false;
        if (OwnerOf(page, within) is not { } owner)
        {
            return false;
        }

        _new.Remove(page);
        owner.Continue(page);
        more = owner.Read(events, limit, final);
        NoteLast(owner);
        return true;
    }

    // Where one waits for its worker's word, its last line is not known yet.
    private bool IsAllRead => _logs.TrueForAll(log => log.IsAtEnd || !log.MayGoOn);

    // Nobody holds two. What listens writes more than what tries to; the next page is made in the moment of the last line.
    private ListenerLog? OwnerOf(string page, TimeSpan within) => !IsAllRead ? null : _logs
        .Where(log => log.MayGoOn && LogPages.Distance(page, log.LastLineAt) <= within && log.SeeHeld() is not true)
        .OrderByDescending(log => log.Life is not { Listened: false })
        .ThenBy(log => LogPages.Distance(page, log.LastLineAt))
        .ThenByDescending(log => log.Pages[^1], StringComparer.Ordinal)
        .FirstOrDefault();

    // A log that listens comes behind those that did before; in what was there when the agent came, by the times of their last lines.
    private void NoteLast(ListenerLog log)
    {
        if (log.Life is not { Listened: true } || !(log.IsAtEnd || log.IsResumed))
        {
            return;
        }

        if (log.IsNoted)
        {
            // One that goes on was not the last but one.
            _last = _isLive && log.IsGrowing && _last is { IsHeld: false } ? log : _last;
            return;
        }

        log.IsNoted = true;
        if (_last is null || _isLive || (_isResumed && !log.IsResumed) || log.LastLineAt >= _last.LastLineAt)
        {
            _last = log;
        }
    }

    private void Judge(List<DiagEvent> events, bool final)
    {
        foreach (var log in _logs)
        {
            log.Look(now: final);
            if (log is { IsAtEnd: true, MayGoOn: true } && (final ? !log.IsHeld : log.IsUnheld))
            {
                TryEmptyPage(log, events, final);
            }
        }

        if (_last is { IsBacked: false } && _logs.Find(log => log is { IsHeld: true, Listens: true, Life.Listened: true }) is { } living)
        {
            // The times in the logs do not tell who listened last, where the clock was set; who lives does.
            _last = living;
        }

        foreach (var log in _logs)
        {
            if (!log.IsAtEnd || log.Life is { Stopped: true } || !(log.Listens || log.HasJob))
            {
                continue;
            }

            if (IsSucceeded(log) && (final ? !log.IsBacked : log.IsFree))
            {
                Supersede(log, events);
            }
            else if (log.IsGone)
            {
                log.EndLife(events, Now(), "The listener was killed: it is gone without a last word.");
            }
            else if (log.IsFromElsewhere && log.IsFree && !final && !_folder.HasListener())
            {
                log.EndLife(events, Now(), "The machine or the container was started again, and the listener was not: it is gone without a last word.");
            }
        }
    }

    // A page is made when the one before is full, and stays empty until there is something to say. It is the log's that nobody holds any more.
    private void TryEmptyPage(ListenerLog log, List<DiagEvent> events, bool final)
    {
        var index = _undecided.FindIndex(name => OwnerOf(name, LogPages.AtOnce) == log && IsEmpty(name));
        if (index >= 0)
        {
            log.Continue(_undecided[index]);
            _undecided.RemoveAt(index);
            log.Read(events, int.MaxValue, final);
            log.Look(now: true);
        }
    }

    // A process that begins writes at once.
    private bool IsEmpty(string name)
    {
        using var file = _folder.Open(name, 0);
        return file is not null && !file.Read() && !file.ReadRest();
    }

    private bool IsSucceeded(ListenerLog log) =>
        _last is not null && _last != log && log.Life is not { Listened: false };

    private void Supersede(ListenerLog log, List<DiagEvent> events)
    {
        var at = _last!.Life!.StartedAt;
        log.Supersede(events, log.LastLineAt > at ? log.LastLineAt.Value : at);
    }

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(_time.GetUtcNow().ToUnixTimeSeconds());

    // The ended first, then the ones that were silent for longest.
    private void Retire(List<DiagEvent> events)
    {
        foreach (var log in _logs.Where(IsRetired).ToList())
        {
            Remove(log);
        }

        while (_logs.Count > MostLogs && _logs.Where(log => log.IsAtEnd && log != _last)
            .OrderBy(log => log.Listens).ThenBy(log => log.HasJob || log.IsBacked).ThenBy(log => log.ActiveAt).FirstOrDefault() is { } oldest)
        {
            oldest.Look(now: true);
            if (oldest.Life is not { Stopped: true } && IsSucceeded(oldest) && !oldest.IsBacked)
            {
                Supersede(oldest, events);
            }

            Remove(oldest);
        }
    }

    private bool IsRetired(ListenerLog log) =>
        log.IsAtEnd && log.IsOver && log != _last && _time.GetElapsedTime(log.ActiveAt) > WatchedAfterEnd;

    private void Remove(ListenerLog log)
    {
        _done.UnionWith(log.Pages);
        _doneHashes = null;
        _logs.Remove(log);
        log.Dispose();
    }

    private ulong[] HashDone()
    {
        var pages = _logs.Sum(log => log.PagesDone.Count());
        if (_doneHashes is null || pages != _pagesDone)
        {
            _pagesDone = pages;
            _doneHashes = [.. _done.Concat(_logs.SelectMany(log => log.PagesDone)).Select(DiagCheckpoint.NameHash).Order()];
        }

        return _doneHashes;
    }

    private void Complain(Action log)
    {
        if (!_complained)
        {
            _complained = true;
            log();
        }
    }
}
