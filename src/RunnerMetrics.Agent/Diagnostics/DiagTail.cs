using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// A runner's _diag folder, followed: each poll returns the events since the last one. Every start of the listener program writes its own log there
/// (<c>config.sh</c>, <c>--version</c>, a second <c>run.sh</c>): all of them are read, and which of them listens is determined from their lines and
/// whether they are visibly alive.
/// </summary>
/// <remarks>
/// A file is new if it was not there before, whatever its name is: clocks go back. A log that is read is watched until its process logged its last line, or
/// is known to be gone. A process that listened ends when another one listens: GitHub keeps one session per runner.
/// </remarks>
internal sealed partial class DiagTail : IDisposable
{
    private static readonly TimeSpan ReadAgainAtMost = TimeSpan.FromMinutes(10);

    private readonly RunnerSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogDirectory? _directory;
    private readonly ILogFolder _folder;
    private readonly Machine _machine;
    private readonly List<ListenerLog> _logs = [];
    private ListenerFiles _files;
    private WorkerLogs _workers;
    private DiagCheckpoint? _resume;
    private bool _isResumed;
    private bool _isLive;
    private long? _readAgainAt;
    private bool _complained;
    private bool _saidWiped;
    private ListenerLog? _last;

    public DiagTail(string path, RunnerSettings settings, DiagCheckpoint? from, TimeProvider time, ILogger logger)
        : this(new LogDirectory(path, time, logger), settings, from, Machine.Here, time, logger)
    {
    }

    public DiagTail(ILogFolder folder, RunnerSettings settings, DiagCheckpoint? from, Machine machine, TimeProvider time, ILogger logger)
    {
        _folder = folder;
        _directory = folder as LogDirectory;
        _settings = settings;
        _machine = machine;
        _time = time;
        _logger = logger;
        _resume = from;
        _files = new ListenerFiles(folder, from?.Done ?? []);
        _workers = new WorkerLogs(folder);
    }

    /// <summary>The life of the listener that listens, or listened last.</summary>
    public ListenerLife? Life => (Living ?? _last)?.Life;

    /// <summary>The life of the listener that is visibly alive, and listens or tries to.</summary>
    public ListenerLife? LivingLife => Living?.Life is { } life ? life with { Listened = true } : null;

    /// <summary>All logs that are watched, in the order in which they came.</summary>
    public IReadOnlyList<ListenerLog> Logs => _logs;

    public DiagCheckpoint Checkpoint => _resume ?? new DiagCheckpoint([.. _logs.Select(log => log.Place)], _files.HashDone([.. _logs.SelectMany(log => log.PagesDone)]), _machine);

    /// <summary>The listener that listened last, or tried to, whatever happened to it.</summary>
    public ListenerLog? LastToListen => _last ?? _logs.LastOrDefault(log => log.Life is { Tried: true });

    /// <summary>The listener that is visibly alive.</summary>
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

    // Whether there is something to read. Files that were open when the folder was deleted are still read.
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
            LogProblem(() => DiagnosticsLog.DirectoryUnreadable(_logger, _directory.Path, failure.Message));
            return _logs.Count > 0;
        }

        if (!_directory.Exists)
        {
            LogProblem(LogAbsent);
            return _logs.Count > 0;
        }

        _complained = false;
        if (_directory.IsWorkerBack && (_readAgainAt is not { } at || _time.GetElapsedTime(at) >= ReadAgainAtMost))
        {
            // A skipped log may contain jobs. Everything is read again: events that were sent before have the same ids.
            DiagnosticsLog.ReadingAgain(_logger, _directory.Path);
            _directory.IsWorkerBack = false;
            _readAgainAt = _time.GetTimestamp();
            ReadAgain();
        }

        return true;
    }

    private void LogAbsent()
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
        _last = null;
        _isLive = false;
        _files = new ListenerFiles(_folder, []);
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
        var isElsewhere = from.Machine != _machine;
        foreach (var place in from.Logs)
        {
            if (_folder.Names(LogKind.Listener).BinarySearch(place.At.File, StringComparer.Ordinal) < 0)
            {
                DiagnosticsLog.PlaceGone(_logger, place.At.File, _folder.Path);
                continue;
            }

            _files.Resume(place.At.File);
            var log = new ListenerLog(_settings, _folder, place, _workers, isNew: false, _time)
            {
                HasBeginning = _files.Begins(place.At.File) is true,
                IsResumed = true,
                IsFromElsewhere = isElsewhere,
            };
            _logs.Add(log);
            NoteLast(log);
        }

        _isResumed = _logs.Count > 0;
    }

    private void NoteNew()
    {
        if (_files.Note() && !_saidWiped && _logs.Exists(log => log.Listens && !_files.Has(log.Pages[^1])))
        {
            _saidWiped = true;
            DiagnosticsLog.LogRemoved(_logger, _folder.Path);
        }
    }

    private void LogProblem(Action log)
    {
        if (!_complained)
        {
            _complained = true;
            log();
        }
    }
}
