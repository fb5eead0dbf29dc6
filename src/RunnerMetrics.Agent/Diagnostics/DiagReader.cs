namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// Reads what a runner's listener and its workers write, and says what happened. It opens no file and waits for nothing: it is called again
/// when there may be more. Read again from the start, or from a <see cref="DiagCheckpoint"/>, the same logs tell the same.
/// </summary>
internal sealed partial class DiagReader(string runnerName, ILineSource listener, ILineSource workers, TimeProvider time, ListenerLife? life)
{
    // A job's beginning is told with what the worker's log adds, where that comes soon.
    private static readonly TimeSpan BeginningPatience = TimeSpan.FromSeconds(1);

    // No more is read of the listener's log before the worker's has told how long the job's name is, unless there is no worker.
    private static readonly TimeSpan WorkerPatience = TimeSpan.FromSeconds(10);

    private readonly WorkerReader _workers = new(workers);
    private Reading _reading;
    private JobRequest? _request;
    private OpenJob? _job;
    private NameBlock? _ended;
    private int _repeatedLines;
    private bool _inSettings;
    private DiagCheckpoint? _held;
    private List<DiagEvent> _events = [];
    private bool _final;

    private enum Reading
    {
        Messages,

        /// <summary>Inside a job's name, where no line means what it says.</summary>
        Name,

        /// <summary>At a line that ends the name, if the worker's log does not say that it is longer.</summary>
        NameEnd,

        /// <summary>Inside the name again, in the line that says how the job ended.</summary>
        RepeatedName,
    }

    /// <summary>The listener's life as it stands.</summary>
    public ListenerLife? Life { get; private set; } = life;

    /// <summary>From where to read again so that what is open now comes out as it would have.</summary>
    public DiagCheckpoint Checkpoint => _held is not null && !IsSettled ? _held : Here(listener.Next);

    private bool IsSettled => _reading == Reading.Messages && _job is null && _request is null && _ended is null && !_inSettings;

    /// <summary>Reads what there is, up to about a number of events.</summary>
    /// <param name="events">Takes what happened, in order.</param>
    /// <param name="limit">How many events <paramref name="events"/> may hold before reading pauses.</param>
    /// <param name="final">Whether the logs are at their end: then nothing is waited for.</param>
    /// <returns>Whether reading paused at <paramref name="limit"/>, with more to read.</returns>
    public bool Read(List<DiagEvent> events, int limit, bool final)
    {
        _events = events;
        _final = final;
        while (events.Count < limit)
        {
            if (_reading == Reading.NameEnd && !TryEndName())
            {
                break;
            }

            var read = listener.Read();
            if (read == LineRead.None)
            {
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

        if (_job is { } job && TryFindWorker(job) && job.Worker is not null)
        {
            _workers.ReadSection();
        }

        TellOfBeginning(atLast: false);
        return events.Count >= limit;
    }

    /// <summary>The listener is known to be gone, and will write no more: a job of its that nobody ended is lost.</summary>
    public void EndLife()
    {
        _reading = Reading.Messages;
        EndLife(DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds()), "The listener was killed: it is gone without a last word.");
    }

    private void ReadLine(ReadOnlySpan<byte> bytes)
    {
        switch (_reading)
        {
            case Reading.Name when LogLine.TryParse(bytes, out var end) && end.Component.SequenceEqual("JobDispatcher"u8) && end.Text.SequenceEqual(_job!.Request!.NameEnd):
                _reading = Reading.NameEnd;
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
                    _inSettings = false;
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
            _inSettings = bytes is not [(byte)'}', ..];
        }
        else if (_job is { Id: null })
        {
            _job.Name.Add(bytes);
        }
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

    private bool TryFindWorker(OpenJob job)
    {
        if (!job.WorkerAsked && job.Id is { } id && _workers.TryFind(id, job.StartedAt, out var section))
        {
            job.WorkerAsked = true;
            job.Worker = section;
            if (section is not null)
            {
                job.Name.Learn(section.Message);
            }
        }

        return job.WorkerAsked;
    }

    // Skips as many lines as the name took before: counted, not compared, so that nothing in them is looked at.
    private void EndRepeatedName()
    {
        if (_repeatedLines >= _ended!.Lines)
        {
            _reading = Reading.Messages;
            _ended = null;
        }
    }

    private DiagCheckpoint Here(LogPosition place) => new(place, _workers.Resume, Life);

    private void Hold()
    {
        if (IsSettled)
        {
            _held = Here(listener.Start);
        }
    }
}
