using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// A runner's _diag folder, followed: whoever polls it gets what happened since. The folder and its files are polled because file system
/// notifications do not cross the bind mounts that containers share such a folder by.
/// </summary>
internal sealed class DiagTail : IDisposable
{
    private static readonly LogPosition Beginning = new("", 0);
    private static readonly TimeSpan TryUnreadableAgain = TimeSpan.FromSeconds(30);

    private readonly string _runnerName;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogDirectory _directory;
    private readonly ListenerWatch _watch;
    private LogFileStream _listener;
    private LogFileStream _workers;
    private DiagReader _reader;
    private long _triedAt;
    private bool _complained;
    private bool _resumes;

    public DiagTail(string path, string runnerName, DiagCheckpoint? from, TimeProvider time, ILogger logger)
    {
        _runnerName = runnerName;
        _time = time;
        _logger = logger;
        _directory = new LogDirectory(path);
        _watch = new ListenerWatch(_directory, time);
        _triedAt = time.GetTimestamp();
        _resumes = from is not null;
        (_listener, _workers, _reader) = Open(from);
    }

    public ListenerLife? Life => _reader.Life;

    public DiagCheckpoint Checkpoint => _reader.Checkpoint;

    public bool Exists => _directory.Exists;

    /// <summary>Reads on; see <see cref="DiagReader.Read"/>.</summary>
    public bool Read(List<DiagEvent> events, int limit, bool final)
    {
        try
        {
            _directory.Refresh();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Complain(() => DiagnosticsLog.DirectoryUnreadable(_logger, _directory.Path, failure.Message));
            return false;
        }

        if (!_directory.Exists)
        {
            Complain(() => DiagnosticsLog.DirectoryAbsent(_logger, _directory.Path));
            return false;
        }

        _complained = false;
        FindPlace();
        TryUnreadable();
        var more = _reader.Read(events, limit, final);
        if (_listener.IsStale || _workers.IsStale)
        {
            DiagnosticsLog.FileReplaced(_logger, _directory.Path);
            ReadAgain();
            more = _reader.Read(events, limit, final);
        }

        if (!more && Life is { Listened: true, Stopped: false } && _watch.IsGone())
        {
            // What it wrote before it was gone is read first.
            more = _reader.Read(events, limit, final);
            if (!more && Life is { Stopped: false })
            {
                _reader.EndLife();
            }
        }

        return more;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _workers.Dispose();
    }

    private (LogFileStream Listener, LogFileStream Workers, DiagReader Reader) Open(DiagCheckpoint? from)
    {
        var listener = new LogFileStream(_directory, LogKind.Listener, from?.Listener ?? Beginning, _logger);
        var workers = new LogFileStream(_directory, LogKind.Worker, from?.Worker ?? Beginning, _logger);
        return (listener, workers, new DiagReader(_runnerName, listener, workers, _time, from?.Life));
    }

    // Nothing is known of a folder that lacks the file that was read last, for the runner deletes only old ones.
    private void FindPlace()
    {
        if (_resumes && _listener.Next.File is { Length: > 0 } file && _directory.Names(LogKind.Listener).BinarySearch(file, StringComparer.Ordinal) < 0)
        {
            DiagnosticsLog.PlaceGone(_logger, file, _directory.Path);
            ReadAgain();
        }

        _resumes = false;
    }

    private void ReadAgain()
    {
        Dispose();
        (_listener, _workers, _reader) = Open(null);
    }

    // A file that was passed over may tell of jobs. Everything is read again: what was told before has the same ids.
    private void TryUnreadable()
    {
        if ((_listener.Unreadable.Count == 0 && _workers.Unreadable.Count == 0) || _time.GetElapsedTime(_triedAt) < TryUnreadableAgain)
        {
            return;
        }

        _triedAt = _time.GetTimestamp();
        if (_listener.Unreadable.Concat(_workers.Unreadable).Any(IsReadable))
        {
            DiagnosticsLog.ReadingAgain(_logger, _directory.Path);
            ReadAgain();
        }
    }

    private bool IsReadable(string name)
    {
        try
        {
            using var handle = File.OpenHandle(Path.Combine(_directory.Path, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
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
