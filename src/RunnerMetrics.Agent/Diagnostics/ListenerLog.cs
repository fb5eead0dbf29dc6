namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// One listener process: its log, what that tells, and whether it lives. Its lock tells first; where none was ever seen, that its log grows does
/// while it does. What nobody can see is not said.
/// </summary>
internal sealed class ListenerLog : IDisposable
{
    /// <summary>Between two pages a listener holds none for a moment, so it has to be seen free twice.</summary>
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

    /// <summary>Whether it said its last words.</summary>
    public bool IsOver => _reader.IsOver;

    public bool HasJob => _reader.HasJob;

    /// <summary>See <see cref="DiagReader.MayGoOnWith"/>.</summary>
    public bool MayGoOnWith(PageJob page) => _reader.MayGoOnWith(page);

    public IReadOnlyList<string> Pages => _log.Pages;

    /// <summary>Why it did not reach GitHub last, in the log's words, if it was not heard to reach it since.</summary>
    public string? Trouble => _reader.Trouble;

    /// <summary>The most by which the clock went back from one line to the next.</summary>
    public TimeSpan ClockSetBackBy => _reader.ClockSetBackBy;

    public string? EndCause => _reader.EndCause;

    /// <summary>A time stamp of when something was last read of it.</summary>
    public long ActiveAt { get; private set; }

    /// <summary>Whether its first page is known, which says what the process is.</summary>
    public bool HasBeginning { get; init; }

    /// <summary>Whether it may have filled a page: what only asks or configures something writes too little. What has no beginning may be anything.</summary>
    public bool MayGoOn => !IsOver && (Life is null ? !HasBeginning : Life.Listened || Life.Tried);

    /// <summary>Whether it was known before the agent came, at another place.</summary>
    public bool IsResumed { get; init; }

    /// <summary>Whether it was known before the machine or the container was started.</summary>
    public bool IsFromElsewhere { get; set; }

    /// <summary>Whether something came when it was read last.</summary>
    public bool IsGrowing { get; private set; }

    /// <summary>Whether it holds its log, as far as was seen.</summary>
    public bool IsHeld => _isHeld is true;

    /// <summary>Whether it has its place among those that listened.</summary>
    public bool IsNoted { get; set; }

    /// <summary>Whether it runs, or tries to, for all that it said.</summary>
    public bool Listens => Life is { Stopped: false } life && (life.Listened || life.Tried);

    /// <summary>Whether it can be seen to live.</summary>
    public bool IsBacked =>
        _isHeld is true || _reader.Worker?.IsHeld() is true || (_wasHeldHere && _free < Enough) || (!_wasHeld && _grewAt is { } at && _time.GetElapsedTime(at) <= GrowthTells);

    /// <summary>Whether a lock was ever seen, so that its absence says something.</summary>
    public bool ShowsLocks => _wasHeld;

    /// <summary>Whether it held its log, and holds it no more, and neither does its worker.</summary>
    public bool IsGone => _wasHeld && IsFree;

    /// <summary>Whether nobody holds its log, as far as can be seen, and nothing came for a while.</summary>
    public bool IsFree => IsUnheld && _reader.Worker?.IsHeld() is not true;

    /// <summary>Whether nobody holds its last page that is known.</summary>
    public bool IsUnheld => _free >= Enough && _isHeld is not true;

    public ListenerPlace Place => _reader.Place with { WasHeld = _wasHeld };

    /// <summary>Those of its files that are read for good.</summary>
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

    /// <summary>All that was there is read: what comes from now on, comes while somebody looks.</summary>
    public void CatchUp() => _isCaughtUp |= IsAtEnd;

    /// <summary>The process went on in another file.</summary>
    public void Continue(string page) => _log.Continue(page);

    /// <summary>
    /// Looks for the lock now and then. Not before something was read: the writer of a file that was just made may not have locked it yet, and must not
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

    /// <summary>Whether somebody holds its last page at this moment, as far as can be seen.</summary>
    public bool? SeeHeld() => _log.IsHeld();

    /// <summary>Somebody is told of this life.</summary>
    public void Report() => _reader.IsReported = true;

    public void EndLife(List<DiagEvent> events, DateTimeOffset at, string reason) => _reader.EndLife(events, at, reason);

    public void Supersede(List<DiagEvent> events, DateTimeOffset at) => _reader.Supersede(events, at);

    public void Dispose() => _log.Dispose();
}
