using Microsoft.Extensions.Logging;
using RunnerMetrics.Automation.TestWatching;

namespace RunnerMetrics.AutomationWorker.Watching;

/// <summary>
/// Watches a folder on a thread of its own. Events of the operating system only wake it; what changed is found by scanning, so that events that were lost,
/// or came a thousand times, change no count.
/// </summary>
internal sealed class FolderWatch : IDisposable
{
    /// <summary>How often it looks without being woken, in case an event was lost.</summary>
    private static readonly TimeSpan LookAnyway = TimeSpan.FromSeconds(30);

    private readonly WatchOptions _options;
    private readonly TestWatcherMetrics _metrics;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Action<IReadOnlyList<string>> _process;
    private readonly AutoResetEvent _alarm = new(initialState: false);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private FolderScan? _known;
    private long _aliveAt;
    private volatile bool _isProcessing;

    /// <summary>Makes a watch that is not started yet.</summary>
    /// <param name="options">What is watched.</param>
    /// <param name="metrics">Takes what is counted.</param>
    /// <param name="process">Processes a batch of changed files; on the watch's own thread.</param>
    /// <param name="time">Measures durations.</param>
    /// <param name="logger">Logs problems.</param>
    public FolderWatch(WatchOptions options, TestWatcherMetrics metrics, Action<IReadOnlyList<string>> process, TimeProvider time, ILogger logger)
    {
        _options = options;
        _metrics = metrics;
        _process = process;
        _time = time;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "folder watch" };
    }

    /// <summary>What keeps it from watching, or null if it is alive.</summary>
    public string? Problem =>
        !_thread.IsAlive ? "not running"
        : _isProcessing || _time.GetElapsedTime(Volatile.Read(ref _aliveAt)) < 2 * LookAnyway ? null
        : $"silent for {_time.GetElapsedTime(Volatile.Read(ref _aliveAt)).TotalSeconds:0} s";

    /// <summary>Whether the thread is told to end.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Starts; files as they are now count as known.</summary>
    /// <exception cref="IOException">The folder cannot be watched.</exception>
    public void Start()
    {
        _known = Scan();
        MarkAlive();
        _thread.Start();
    }

    /// <summary>Ends the watch, and waits for what it is doing to break off.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _stop.Dispose();
        _alarm.Dispose();
    }

    private void Run()
    {
        FileSystemWatcher? events = null;
        _metrics.SetRunning(true);
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                try
                {
                    events ??= Listen();
                    LookOnce(_known!);
                }
                catch (OperationCanceledException) when (_stop.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception e)
                {
                    // The boundary of the loop: a folder that is gone for a while, or a batch that went wrong, ends no watch.
                    _metrics.RecordError(TestWatcherErrors.Watch);
                    WorkerLog.WatchFailed(_logger, _options.Folder, e.Message);
                    events?.Dispose();
                    events = null;
                    _stop.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(1));
                }
            }
        }
        finally
        {
            events?.Dispose();
            _metrics.SetRunning(false);
        }
    }

    private void LookOnce(FolderScan known)
    {
        MarkAlive();
        WaitHandle.WaitAny([_alarm, _stop.Token.WaitHandle], LookAnyway);
        _stop.Token.ThrowIfCancellationRequested();
        var now = Scan();
        if (now.ChangedSince(known) is not { Count: > 0 } changed)
        {
            return;
        }

        using (_metrics.TimeDebounce())
        {
            for (var before = known; now.ChangedSince(before).Count > 0;)
            {
                MarkAlive();
                changed = now.ChangedSince(known);
                _metrics.SetChangedFiles(changed.Count);
                before = now;
                _stop.Token.WaitHandle.WaitOne(_options.Debounce);
                _stop.Token.ThrowIfCancellationRequested();
                now = Scan();
            }
        }

        _known = now; // whatever becomes of the batch, it is not processed again
        changed = now.ChangedSince(known); // a change that was taken back meanwhile is none
        if (changed.Count > 0)
        {
            _isProcessing = true;
            try
            {
                using var timer = _metrics.TimeProcessing();
                _process(changed);
            }
            finally
            {
                _isProcessing = false;
            }

            _metrics.RecordFilesProcessed(changed.Count);
        }

        _metrics.SetChangedFiles(0);
        _alarm.Set(); // what changed while the tests ran
    }

    private FileSystemWatcher Listen()
    {
        var events = new FileSystemWatcher(_options.Folder)
        {
            IncludeSubdirectories = true,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
        };
        events.Changed += (_, _) => Wake();
        events.Created += (_, _) => Wake();
        events.Deleted += (_, _) => Wake();
        events.Renamed += (_, _) => Wake();
        events.Error += (_, _) => Wake(); // too many events at once: the scan finds what they said
        events.EnableRaisingEvents = true;
        Wake(); // what changed before it listened
        return events;
    }

    private void Wake()
    {
        try
        {
            _alarm.Set();
        }
        catch (ObjectDisposedException)
        {
            // The watch has ended.
        }
    }

    private FolderScan Scan() => FolderScan.Take(_options.Folder, _options.Files, _options.Ignored);

    private void MarkAlive() => Volatile.Write(ref _aliveAt, _time.GetTimestamp());
}
