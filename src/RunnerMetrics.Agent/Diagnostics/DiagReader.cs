namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// Reads the logs of one listener process and its workers, and returns events. It opens no file and does not wait: it is called again
/// when there may be more lines. Read again from the start, or from a <see cref="ListenerPlace"/>, the same logs give the same events.
/// </summary>
internal sealed partial class DiagReader(RunnerSettings settings, ILineSource listener, WorkerLogs workers, TimeProvider time, ListenerPlace? from)
{
    // More lines than a round should read: they are not a runner's.
    private const int MostLines = 1_000_000;

    // A job's start is reported with data of the worker's log, if that arrives soon.
    private static readonly TimeSpan BeginningPatience = TimeSpan.FromSeconds(1);

    // The listener's log is not read further before the worker's log has the length of the job's name, unless there is no worker.
    private static readonly TimeSpan WorkerPatience = TimeSpan.FromSeconds(10);

    private readonly GitHubConnection _connection = new(time, from?.Life?.DisconnectedUntil);
    private Reading _reading;
    private JobRequest? _request;
    private OpenJob? _job;
    private NameBlock? _ended;
    private Guid? _lastJob;
    private int _repeatedLines;
    private bool _inSettings;
    private bool _isNamed = from?.Life is { Name.Length: > 0 };
    private bool _isJudged;
    private ListenerLife? _before;
    private LogPosition? _held;
    private (ListenerLife? Life, DateTimeOffset? LastLineAt) _heldState;
    private List<DiagEvent> _events = [];
    private bool _final;

    private enum Reading
    {
        Messages,

        /// <summary>Inside a job's name, where lines have no meaning.</summary>
        Name,

        /// <summary>At a line that ends the name, if the worker's log does not say that it is longer.</summary>
        NameEnd,

        /// <summary>Inside the name again, in the line that says how the job ended.</summary>
        RepeatedName,
    }

    /// <summary>The listener's current life.</summary>
    public ListenerLife? Life { get; private set; } = from?.Life;

    /// <summary>The time of the last line.</summary>
    public DateTimeOffset? LastLineAt { get; private set; } = from?.LastLineAt;

    /// <summary>The log of the running worker, if it is found.</summary>
    public WorkerLog? Worker => _job?.Log;

    public bool HasJob => _job is not null;

    /// <summary>Whether a page may continue with this log, for what it says of its job.</summary>
    public bool CanContinueWith(PageJob page) =>
        (page.IsOpen is not { } isOpen || isOpen == _job is not null)
        && (page.Id is not { } id || (_job is { } job ? job.Id : _lastJob) is not { } own || own == id);

    /// <summary>Whether it logged its last line, and will write no more.</summary>
    public bool IsOver => Life is { Stopped: true } && !_isJudged;

    /// <summary>Whether this process was reported, so that its end matters though it never listened.</summary>
    public bool IsReported { get; set; }

    /// <summary>Whether all existing lines are read, and reading does not wait for a worker's log.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Why it last failed to reach GitHub, in the log's words, if it has not reached it since.</summary>
    public string? Trouble => _connection.Cause;

    /// <summary>The largest step back of the clock between two lines.</summary>
    public TimeSpan ClockSetBackBy { get; private set; }

    /// <summary>Why it ended, if it did.</summary>
    public string? EndCause { get; private set; }

    /// <summary>Where to read again, so that open jobs give the same events.</summary>
    public ListenerPlace Place => _held is { } held && !IsSettled
        ? new ListenerPlace(held, _heldState.Life, _heldState.LastLineAt, false)
        : new ListenerPlace(listener.Next, Life, LastLineAt, false);

    // Of the life that has the job: another process may have begun to write into the same file.
    private ListenerLife? JobLife => _before ?? Life;

    private bool IsSettled => _reading == Reading.Messages && _job is null && _request is null && _ended is null && !_inSettings && _before is null;

    /// <summary>Reads the existing lines, up to about a number of events.</summary>
    /// <param name="events">Receives the events, in order.</param>
    /// <param name="limit">How many events <paramref name="events"/> may hold before reading pauses.</param>
    /// <param name="final">Whether the logs are at their end: then nothing is waited for.</param>
    /// <returns>Whether reading paused at <paramref name="limit"/>, with more to read.</returns>
    public bool Read(List<DiagEvent> events, int limit, bool final)
    {
        _events = events;
        _final = final;
        IsAtEnd = false;
        for (var lines = 0; events.Count < limit; lines++)
        {
            if (_reading == Reading.NameEnd && !TryEndName())
            {
                break;
            }

            var read = lines < MostLines ? listener.Read() : LineRead.None;
            if (read == LineRead.None)
            {
                IsAtEnd = lines < MostLines;
                break;
            }

            if (read == LineRead.Line)
            {
                ReadLine(listener.Line);
            }
            else if (_reading is Reading.Name or Reading.RepeatedName)
            {
                // A message never spans two pages, so the name is over.
                _reading = Reading.Messages;
                _ended = null;
            }
        }

        if (_job is { } job)
        {
            TryFindWorker(job);
            job.Log?.Read();
        }

        ReportStart(atLast: false);
        Life = _connection.Show(Life);
        return events.Count >= limit || (!IsAtEnd && _reading != Reading.NameEnd);
    }

    /// <summary>The listener is known to be gone, and will write no more: its unfinished job is lost.</summary>
    public void EndLife(List<DiagEvent> events, DateTimeOffset at, string reason)
    {
        _events = events;
        _reading = Reading.Messages;
        EndLife(at, reason);
        _isJudged = true;
    }

    /// <summary>Another process listens in its place: its unfinished job is lost, and its end need not be reported.</summary>
    public void Supersede(List<DiagEvent> events, DateTimeOffset at)
    {
        _events = events;
        _reading = Reading.Messages;
        EndUnfinished(at);
        Life = Life is null ? null : Life with { Stopped = true, Busy = false };
        EndCause = "It ended without a last line, and another listener replaced it.";
        _isJudged = true;
    }

    private void ReadLine(ReadOnlySpan<byte> bytes)
    {
        switch (_reading)
        {
            case Reading.Name when LogLine.TryParse(bytes, out var end) && end.Component.SequenceEqual("JobDispatcher"u8) && end.Text.SequenceEqual(_job!.Request!.NameEnd):
                _reading = Reading.NameEnd;
                LastLineAt = end.Time;
                break;
            case Reading.Name:
                _job!.Name.Add(bytes);
                break;
            case Reading.RepeatedName:
                _repeatedLines++;
                EndRepeatedName();
                break;
            default:
                if (LogLine.TryParse(bytes, out var line))
                {
                    EndSettings();
                    ReadMessage(line);
                }
                else
                {
                    ReadContinuation(bytes);
                }

                break;
        }
    }

    private void ReadContinuation(ReadOnlySpan<byte> bytes)
    {
        if (_inSettings && Life is not null)
        {
            Life = RunnerSettingsText.Read(Life, bytes);
            if (bytes is [(byte)'}', ..])
            {
                EndSettings();
            }
        }
        else if (_job is { Id: null })
        {
            _job.Name.Add(bytes);
        }
    }

    // A process whose configuration was refreshed prints its settings again, and is the same.
    private void EndSettings()
    {
        if (_inSettings && Life is { Name.Length: > 0 } && !_isNamed)
        {
            Life = Life.OfItsRunner();
            _isNamed = true;
        }

        _inSettings = false;
    }

    private bool TryEndName()
    {
        var job = _job!;
        if (!TryFindWorker(job) && !_final && time.GetElapsedTime(job.SeenAt) < WorkerPatience)
        {
            return false;
        }

        if (job.Name.IsWhole)
        {
            _reading = Reading.Messages;
        }
        else
        {
            job.Name.Add(listener.Line);
            _reading = Reading.Name;
        }

        return true;
    }

    // Whether it is known what the worker says, or that it will say nothing.
    private bool TryFindWorker(OpenJob job)
    {
        if (job.IsWorkerKnown || job.Id is not { } id)
        {
            return job.IsWorkerKnown;
        }

        var mayCome = true;
        job.Log ??= workers.Find(id, job.EarliestAt - WorkerLogs.Tolerance, null, out mayCome);
        if (job.Log is null)
        {
            return !mayCome;
        }

        job.Log.Read(untilIdentified: true);
        if (job.Worker is { } worker)
        {
            job.IsWorkerKnown = true;
            job.Name.Learn(worker.Message);
        }

        return job.IsWorkerKnown;
    }

    // Skips as many lines as the name had before: counted, not compared, so that their content is not read.
    private void EndRepeatedName()
    {
        if (_repeatedLines >= _ended!.Lines)
        {
            _reading = Reading.Messages;
            _ended = null;
        }
    }

    private void Hold()
    {
        if (IsSettled)
        {
            _held = listener.Start;
            _heldState = (Life, LastLineAt);
        }
    }
}
