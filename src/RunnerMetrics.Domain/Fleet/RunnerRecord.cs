using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Memory;
using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>What is known of one runner: its life, its last heartbeat, and its jobs that have not ended.</summary>
internal sealed partial class RunnerRecord(RunnerIdentity identity, JobSeries jobs, RunnerGauges? gauges, ByteMeter openJobBytes)
{
    /// <summary>How many earlier lives are remembered, so that their late events change no liveness.</summary>
    private const int MaxEarlierLives = 16;

    /// <summary>How many requests one job's reports may contain: far more than a build makes, and too few to distort a fleet's sums.</summary>
    private const ulong MostCacheRequests = 10_000_000;

    /// <summary>How much older than a job's start, logged to the second, a sight of an idle listener may be.</summary>
    private static readonly TimeSpan LogResolution = TimeSpan.FromSeconds(2);

    /// <summary>One life's start, told by a clock that is off, comes out a little different in each batch.</summary>
    private static readonly TimeSpan StartTolerance = TimeSpan.FromMinutes(1);

    private readonly Queue<string> _earlierLives = new();
    private DateTimeOffset _stateAt = DateTimeOffset.MinValue;
    private DateTimeOffset _lastJobEnd = DateTimeOffset.MinValue;
    private DateTimeOffset? _stoppedAt;
    private DateTimeOffset? _disconnectedSince;
    private bool _isRefused;
    private ulong _eventsLost;
    private ulong _cacheRequests;
    private TimeSpan? _rivalHeardAt;

    public RunnerIdentity Identity { get; private set; } = identity;

    public JobSeries Jobs { get; } = jobs;

    public RunnerGauges? Gauges { get; } = gauges;

    /// <summary>Whether an agent speaks for the runner, and not GitHub alone.</summary>
    public bool HasAgent { get; set; }

    /// <summary>When the listener's present life started, if known.</summary>
    public DateTimeOffset? StartedAt { get; private set; }

    /// <summary>When it last reported, by the exporter's clock.</summary>
    public DateTimeOffset? LastHeard { get; private set; }

    /// <summary>When it last reported, in <see cref="FleetState.Observed"/> time: the one that silence is measured in.</summary>
    public TimeSpan? HeardAt { get; private set; }

    /// <summary>Since when the watch holds it for silent, in observed time; null if it does not.</summary>
    public TimeSpan? SilentSince { get; private set; }

    /// <summary>The time of the latest event that names it, by the event's own clock.</summary>
    public DateTimeOffset LastMentioned { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>When the latest event that names it was folded in, in observed time.</summary>
    public TimeSpan MentionedAt { get; private set; }

    public RunnerState? State { get; private set; }

    /// <summary>Jobs that have not ended, in the order in which they started.</summary>
    public OpenJobs OpenJobs { get; } = new(openJobBytes);

    /// <summary>Failures that are counted, and whose reason is not yet.</summary>
    public List<OpenReason> OpenReasons { get; } = [];

    /// <summary>A runner known only from its jobs is neither online nor offline.</summary>
    public bool IsLivenessKnown => LastHeard is not null || IsGone;

    public bool IsOnline => LastHeard is not null && !IsGone;

    /// <summary>Whether it is gone because GitHub refuses its version.</summary>
    public bool IsRefused => _isRefused && _stoppedAt is not null;

    public bool IsGone => _stoppedAt is not null || SilentSince is not null;

    /// <summary>A runner runs one job at a time: the latest of its present life.</summary>
    public OpenJob? LatestJob => OpenJobs.LatestOf(Identity.InstanceId);

    public OpenJob? RunningJob => IsGone ? null : LatestJob;

    public int UnresolvedJobs => OpenJobs.Count - (RunningJob is null ? 0 : 1);

    /// <summary>The latest state counts, a heartbeat's or a job's, by its own time.</summary>
    public bool IsBusy => IsOnline && IsBusyIn(State, _stateAt);

    /// <summary>
    /// Records the life of the listener that a message comes from, which may be a new one. An event without a life belongs to the present one.
    /// </summary>
    /// <param name="runner">Who sent it.</param>
    /// <param name="startedAt">When that life started, if the message has it.</param>
    /// <param name="at">When the event happened: a life's events are not older than the life.</param>
    /// <returns>False if it belongs to an earlier life: then nothing changed.</returns>
    public bool NoticeLife(RunnerIdentity runner, DateTimeOffset? startedAt, DateTimeOffset at)
    {
        if (IsPresentLife(runner))
        {
            StartedAt = IsNewStart(startedAt) ? startedAt : StartedAt;
            return true;
        }

        if (IsEarlierLife(runner, startedAt, at))
        {
            RememberEarlier(runner.InstanceId);
            return false;
        }

        RememberEarlier(Identity.InstanceId);
        Identity = runner;
        StartedAt = startedAt;
        return true;
    }

    /// <summary>Returns to an earlier life that reports while the present one is silent: whoever sends heartbeats is alive, whatever the other one's start time is.</summary>
    /// <returns>False if the present life is not silent: then nothing changed.</returns>
    public bool Resume(RunnerIdentity runner, DateTimeOffset? startedAt)
    {
        if (SilentSince is null)
        {
            return false;
        }

        RememberEarlier(Identity.InstanceId);
        Identity = runner;
        StartedAt = startedAt;
        return true;
    }

    /// <summary>
    /// Records a heartbeat of an earlier life. One may have been on its way while the next life began; a second one while that one reports comes from another sender.
    /// </summary>
    /// <returns>Whether it is.</returns>
    public bool RecordRivalHeartbeat(TimeSpan observed, TimeSpan timeOut)
    {
        var isConflict = observed - _rivalHeardAt <= timeOut && observed - HeardAt <= timeOut;
        _rivalHeardAt = observed;
        return isConflict;
    }

    /// <summary>Whether a heartbeat tells what must outlive the process: a runner's first sign, its return, a new life, another version, another state.</summary>
    public bool IsNews(Heartbeat heartbeat)
    {
        var runner = heartbeat.Runner;
        return LastHeard is null || (IsPresentLife(runner)
            ? IsReturn(heartbeat) || IsNewStart(heartbeat.StartedAt) || runner.InLife(Identity.InstanceId) != Identity || IsOtherState(heartbeat)
            : SilentSince is not null || !IsEarlierLife(runner, heartbeat.StartedAt, heartbeat.OccurredAt));
    }

    /// <summary>The version of a life may become known only after its first heartbeat.</summary>
    public void Describe(RunnerIdentity runner) => Identity = runner.InLife(Identity.InstanceId);

    public void Mention(DateTimeOffset at, TimeSpan observed)
    {
        LastMentioned = at > LastMentioned ? at : LastMentioned;
        MentionedAt = observed;
    }

    /// <summary>Records a heartbeat of the present life, and says how many more events its sender has dropped than it had before.</summary>
    public ulong RecordHeartbeat(Heartbeat heartbeat, TimeSpan observed)
    {
        Describe(heartbeat.Runner);
        LastHeard = heartbeat.ReceivedAt;
        HeardAt = observed;
        SilentSince = null;
        Learn(heartbeat.State, heartbeat.OccurredAt);
        if (_stoppedAt is { } stopped && heartbeat.OccurredAt > stopped)
        {
            _stoppedAt = null;
        }

        // A smaller number than before comes from a new spool, which counts from 0.
        var lost = heartbeat.EventsLost >= _eventsLost ? heartbeat.EventsLost - _eventsLost : heartbeat.EventsLost;
        _eventsLost = heartbeat.EventsLost;
        return lost;
    }

    /// <summary>The latest state of the listener counts.</summary>
    public void Learn(RunnerState state, DateTimeOffset at)
    {
        if (at >= _stateAt)
        {
            _disconnectedSince = state != RunnerState.Disconnected ? null : _disconnectedSince ?? at;
            (State, _stateAt) = (state, at);
        }
    }

    /// <summary>Whether a runner that is like this one, but for a scope that this one lacks, is this one: not where this one is there in another life of its own.</summary>
    public bool MayBe(RunnerIdentity runner) => !IsOnline || runner.InstanceId.Length == 0 || Identity.InstanceId.Length == 0 || HasHadLife(runner.InstanceId);

    /// <summary>Whether a life is its present one, or one before that.</summary>
    public bool HasHadLife(string instanceId) => instanceId == Identity.InstanceId || _earlierLives.Contains(instanceId);

    /// <summary>Continues with all that is known of the runner but its series.</summary>
    public void Continue(RunnerRecord before)
    {
        Load(before.Save());
        Identity = before.Identity.InScope(Identity.Scope);
        before.OpenReasons.Clear();
        before.OpenJobs.Clear();
    }

    public void Start(OpenJob job)
    {
        OpenJobs.Add(job.InstanceId.Length == 0 ? job with { InstanceId = Identity.InstanceId } : job);
        _cacheRequests = 0;
    }

    /// <summary>Records the requests of a cache report; false if a job cannot have made so many.</summary>
    public bool TryReport(ulong requests)
    {
        var isPlausible = requests <= MostCacheRequests - _cacheRequests;
        _cacheRequests += isPlausible ? requests : 0;
        return isPlausible;
    }

    public void End(string jobKey, DateTimeOffset at)
    {
        OpenJobs.Remove(jobKey);
        _lastJobEnd = at > _lastJobEnd ? at : _lastJobEnd;
    }

    /// <summary>Takes note that its listener ended.</summary>
    /// <param name="at">When.</param>
    /// <param name="isRefused">Whether GitHub refuses its version.</param>
    public void Stop(DateTimeOffset at, bool isRefused) => (_stoppedAt, _isRefused) = (at, isRefused);

    public void FallSilent(TimeSpan observed) => SilentSince = observed;

    /// <summary>Records the first sign of a life, or of its return, which is as much as a heartbeat says of when it reported.</summary>
    public void FirstHeard(DateTimeOffset at, DateTimeOffset? startedAt, TimeSpan observed)
    {
        LastHeard = at;
        HeardAt = observed;
        SilentSince = null;
        _stoppedAt = at > _stoppedAt || startedAt > _stoppedAt ? null : _stoppedAt;
    }

    private bool IsBusyIn(RunnerState? state, DateTimeOffset stateAt) => RunningJob is { } job
        ? state != RunnerState.Idle || stateAt < job.StartedAt + LogResolution
        : state == RunnerState.Busy && stateAt > _lastJobEnd;

    // What the jobs' events already show is not news.
    private bool IsOtherState(Heartbeat heartbeat) => heartbeat.OccurredAt >= _stateAt
        && ((State == RunnerState.Disconnected) != (heartbeat.State == RunnerState.Disconnected)
            || IsBusyIn(State, _stateAt) != IsBusyIn(heartbeat.State, heartbeat.OccurredAt));

    // If its end were stored but not its return, a restart would show a running runner as gone.
    private bool IsReturn(Heartbeat heartbeat) => SilentSince is not null || heartbeat.OccurredAt > _stoppedAt;

    private bool IsPresentLife(RunnerIdentity runner) => runner.InstanceId.Length == 0 || runner.InstanceId == Identity.InstanceId;

    // Where both starts are known they decide: a job of an earlier life that is told late may have passed for the present life.
    private bool IsEarlierLife(RunnerIdentity runner, DateTimeOffset? startedAt, DateTimeOffset at) =>
        (startedAt ?? at) < StartedAt
        || (_earlierLives.Contains(runner.InstanceId) && !(startedAt is not null && (StartedAt is null || startedAt > StartedAt)));

    private bool IsNewStart(DateTimeOffset? startedAt) =>
        startedAt is { } start && (StartedAt is not { } known || (start - known).Duration() > StartTolerance);

    private void RememberEarlier(string instanceId)
    {
        if (instanceId.Length > 0 && !_earlierLives.Contains(instanceId))
        {
            _earlierLives.Enqueue(instanceId);
            if (_earlierLives.Count > MaxEarlierLives)
            {
                _earlierLives.Dequeue();
            }
        }
    }
}
