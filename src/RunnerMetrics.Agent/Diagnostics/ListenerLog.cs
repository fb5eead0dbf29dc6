namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// One listener process: its log, its events, and whether it is alive. Its lock is the first evidence; if none was ever seen, the growth of its log is the evidence
/// while it grows. What cannot be seen is not reported.
/// </summary>
internal sealed class ListenerLog : IDisposable
{
    /// <summary>Between two pages a listener holds none for a moment, so it must be seen free twice.</summary>
    private const int Enough = 2;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // While a job runs, the listener writes every minute that it renewed the job's lease.
    private static readonly TimeSpan GrowthTells = TimeSpan.FromMinutes(2);

    private readonly TimeProvider _time;
    private readonly PagedLog _log;
    private readonly DiagReader _reader;
    private bool _isCaughtUp;
    private bool _wasHeld;
    private bool _wasHeldHere;
    private bool? _isHeld;
    private int _free;
    private long? _lookedAt;
    private long? _grewAt;
    private LogPosition _read;

    public ListenerLog(RunnerSettings settings, ILogFolder folder, ListenerPlace from, WorkerLogs workers, bool isNew, TimeProvider time)
    {
        _time = time;
        _log = new PagedLog(folder, from.At);
        _reader = new DiagReader(settings, _log, workers, time, from);
        _isCaughtUp = isNew;
        _wasHeld = from.WasHeld;
        _read = from.At;
        ActiveAt = time.GetTimestamp();
    }

    public ListenerLife? Life => _reader.Life;

    public DateTimeOffset? LastLineAt => _reader.LastLineAt;

    public bool IsStale => _log.IsStale;

    public bool IsAtEnd => _reader.IsAtEnd;

    /// <summary>Whether it logged its last line.</summary>
    public bool IsOver => _reader.IsOver;

    public bool HasJob => _reader.HasJob;

    /// <summary>See <see cref="DiagReader.CanContinueWith"/>.</summary>
    public bool CanContinueWith(PageJob page) => _reader.CanContinueWith(page);

    public IReadOnlyList<string> Pages => _log.Pages;

    /// <summary>Why it last failed to reach GitHub, in the log's words, if it has not reached it since.</summary>
    public string? Trouble => _reader.Trouble;

    /// <summary>The largest step back of the clock between two lines.</summary>
    public TimeSpan ClockSetBackBy => _reader.ClockSetBackBy;

    public string? EndCause => _reader.EndCause;

    /// <summary>The time stamp of the last line read from it.</summary>
    public long ActiveAt { get; private set; }

    /// <summary>Whether its first page is known, which shows what the process is.</summary>
    public bool HasBeginning { get; init; }

    /// <summary>Whether it may have filled a page: a process that only queries or configures writes too little. A log without a beginning may be anything.</summary>
    public bool MayContinue => !IsOver && (Life is null ? !HasBeginning : Life.Listened || Life.Tried);

    /// <summary>Whether it was known before the agent started, at another position.</summary>
    public bool IsResumed { get; init; }

    /// <summary>Whether it was known before the machine or the container was started.</summary>
    public bool IsFromElsewhere { get; set; }

    /// <summary>Whether the last read returned lines.</summary>
    public bool IsGrowing { get; private set; }

    /// <summary>Whether it holds its log, as far as was seen.</summary>
    public bool IsHeld => _isHeld is true;

    /// <summary>Whether it is among those that listened.</summary>
    public bool IsNoted { get; set; }

    /// <summary>Whether it runs, or tries to, by its log.</summary>
    public bool Listens => Life is { Stopped: false } life && (life.Listened || life.Tried);

    /// <summary>Whether it is visibly alive.</summary>
    public bool IsBacked =>
        _isHeld is true || _reader.Worker?.IsHeld() is true || (_wasHeldHere && _free < Enough) || (!_wasHeld && _grewAt is { } at && _time.GetElapsedTime(at) <= GrowthTells);

    /// <summary>Whether a lock was ever seen, so that its absence is meaningful.</summary>
    public bool ShowsLocks => _wasHeld;

    /// <summary>Whether it held its log and no longer does, and neither does its worker.</summary>
    public bool IsGone => _wasHeld && IsFree;

    /// <summary>Whether no process visibly holds its log, and nothing was written for a while.</summary>
    public bool IsFree => IsUnheld && _reader.Worker?.IsHeld() is not true;

    /// <summary>Whether no process holds its last known page.</summary>
    public bool IsUnheld => _free >= Enough && _isHeld is not true;

    public ListenerPlace Place => _reader.Place with { WasHeld = _wasHeld };

    /// <summary>Those of its files that are read completely.</summary>
    public IEnumerable<string> PagesDone => _log.Pages.TakeWhile(page => page != _reader.Place.At.File);

    /// <summary>Reads on; see <see cref="DiagReader.Read"/>.</summary>
    public bool Read(List<DiagEvent> events, int limit, bool final)
    {
        var more = _reader.Read(events, limit, final);

        // An empty page may have been there for long.
        IsGrowing = _log.Next != _read && _log.Next.Offset > 0;
        _read = _log.Next;
        if (IsGrowing)
        {
            ActiveAt = _time.GetTimestamp();
            _grewAt = _isCaughtUp ? ActiveAt : _grewAt;
            IsFromElsewhere &= !_isCaughtUp;
            _free = 0;
        }

        return more;
    }

    /// <summary>All existing lines are read: later lines are read as they are written.</summary>
    public void CatchUp() => _isCaughtUp |= IsAtEnd;

    /// <summary>The process continued in another file.</summary>
    public void Continue(string page) => _log.Continue(page);

    /// <summary>
    /// Checks the lock periodically. Not before something was read: the writer of a file that was just made may not have locked it yet, and must not
    /// find it locked by us.
    /// </summary>
    public void Look(bool now)
    {
        if ((_log.Next.Offset == 0 && _log.Pages.Count == 1 && !IsResumed) || !IsAtEnd || (!now && _lookedAt is { } at && _time.GetElapsedTime(at) < Interval))
        {
            return;
        }

        _lookedAt = _time.GetTimestamp();
        _isHeld = _log.IsHeld();
        _wasHeldHere |= _isHeld is true;
        _wasHeld |= _wasHeldHere;
        IsFromElsewhere &= !_wasHeldHere;
        _free = _isHeld is true ? 0 : _free + 1;
    }

    /// <summary>Whether a process visibly holds its last page now.</summary>
    public bool? SeeHeld() => _log.IsHeld();

    /// <summary>This process was reported.</summary>
    public void Report() => _reader.IsReported = true;

    public void EndLife(List<DiagEvent> events, DateTimeOffset at, string reason) => _reader.EndLife(events, at, reason);

    public void Supersede(List<DiagEvent> events, DateTimeOffset at) => _reader.Supersede(events, at);

    public void Dispose() => _log.Dispose();
}
