using System.Globalization;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Memory;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>
/// The state of a fleet: a fold over events that reads no clock. The same events in the same order give the same counters and
/// histograms. What depends on time is decided outside, by <see cref="FleetWatch"/>, and comes in as an event too.
/// </summary>
/// <remarks>
/// It is one type because it is one fold: a short method for each kind of event, over one set of records. Every member acquires the
/// registry's gate, so that a scrape sees each event whole or not at all.
/// </remarks>
public sealed partial class FleetState
{
    private readonly MetricRegistry _registry;
    private readonly FleetOptions _options;
    private readonly FleetFamilies _families;
    private readonly HorizonMap<byte> _seenEvents;
    private readonly SenderLedger _senders;
    private readonly JobLedger _jobs;
    private readonly StateCounts _states;
    private readonly SharedSeries _shared;
    private readonly DeploymentFold _deployments;
    private readonly UnknownCacheLines _unknownCacheLines;
    private readonly Dictionary<RunnerKey, RunnerRecord> _runners = [];

    /// <summary>The same records, by name: a webhook has only the name.</summary>
    private readonly Dictionary<string, List<RunnerRecord>> _namesakes = new(StringComparer.Ordinal);
    private readonly ByteMeter _openJobBytes = new();
    private int _ownSeries;

    /// <summary>An empty fleet whose metrics go to a registry.</summary>
    public FleetState(MetricRegistry registry, FleetOptions options)
    {
        _registry = registry;
        _options = options;
        _families = new FleetFamilies(registry, options.MaxTextBytes);
        var horizonDays = (int)Math.Ceiling(options.Horizon.TotalDays) + 1;
        _seenEvents = new HorizonMap<byte>(horizonDays, options.MaxRemembered);
        _senders = new SenderLedger(options.Horizon, options.MaxSenders);
        _jobs = new JobLedger(horizonDays, options.MaxRemembered);
        _states = new StateCounts(_families, options.MaxLabelSets);
        _shared = new SharedSeries(_families, options.MaxLabelSets);
        _unknownCacheLines = new UnknownCacheLines(_families, options.MaxLabelSets);
        _workflowJobs = new RecentMap<WorkflowJobRecord>(horizonDays, options.MaxWorkflowJobs);
        _departed = new RecentMap<RunnerKey[]>(horizonDays, options.MaxWorkflowJobs);
        _join = new JobJoin(_jobs, horizonDays, options.MaxWorkflowJobs);
        _queued = new QueuedJobs(_families, options.MaxLabelSets, options.MaxQueuedJobs);
        _workflows = new WorkflowSeries(_families, options);
        _runs = new RunSeries(_families, options);
        _forgottenErrors = new ForgottenErrors(options.MaxLabelSets);
        _deployments = new DeploymentFold(_families, options, horizonDays);
        _registered = new RegisteredRunners(_families);
        _waits = new WaitReasons(_families, options.MaxLabelSets);
    }

    /// <summary>
    /// For how long the exporter has watched this fleet, across restarts. Silence is measured only in this time: it advances with a monotonic clock, and
    /// <see cref="TimeObserved"/> carries it over a restart, so that neither a changed clock nor time without an exporter marks a runner silent. The writer's gate guards it.
    /// </summary>
    public TimeSpan Observed { get; internal set; }

    /// <summary>The records, for the watch; the caller holds the gate.</summary>
    internal IEnumerable<RunnerRecord> Runners => _runners.Values;

    /// <summary>How many runners are remembered; the caller holds the gate, as with what follows.</summary>
    internal int RunnerCount => _runners.Count;

    /// <summary>About how many bytes the jobs take that started and did not end.</summary>
    internal long OpenJobBytes => _openJobBytes.Bytes;

    internal bool Knows(RunnerKey runner) => _runners.ContainsKey(runner);

    internal int OpenJobsOf(RunnerKey runner) => _runners.TryGetValue(runner, out var record) ? record.OpenJobs.Count : 0;

    /// <summary>Whether a job is already open or has ended, so that its start needs no room.</summary>
    internal bool IsKnown(JobIdentity job) => _jobs.IsConcluded(_join.KeyOf(job.Key));

    /// <summary>The runner whose record an event is folded into, which it may be the first to name; null if it is about none.</summary>
    internal RunnerKey? RunnerOf(FleetEvent happened) => happened switch
    {
        JobStarted started => RunnerKey.Of(Place(started.Runner)),
        JobCompleted completed => RunnerKey.Of(Place(completed.Runner)),
        RunnerSeen seen => RunnerKey.Of(Place(seen.Runner)),
        RunnerStopped stopped => RunnerKey.Of(Place(stopped.Runner)),
        CacheReported cache => RunnerKey.Of(Place(cache.Runner)),
        WorkflowJobChanged changed => RunnerOf(changed),
        _ => null,
    };

    /// <summary>Whether an event is a duplicate of one that was folded in, or settled otherwise.</summary>
    /// <param name="eventId">The event's id, which counts if it has no sequence.</param>
    /// <param name="source">Its place among its sender's events.</param>
    public bool Knows(string eventId, EventSource source)
    {
        using (_registry.Gate.Enter())
        {
            return source.HasSequence && !_senders.IsCrowded(source.SenderId)
                ? _senders.IsSettled(source.SenderId, source.Sequence)
                : (source.HasSequence && _senders.IsSettled(source.SenderId, source.Sequence))
                    || _seenEvents.TryGet(HorizonMap<byte>.KeyOf(eventId), out _);
        }
    }

    /// <summary>Records that an event of a sender needs no answer any more, because it was rejected.</summary>
    public void Settle(EventSource source, DateTimeOffset at)
    {
        using (_registry.Gate.Enter())
        {
            _senders.TrySettle(source.SenderId, source.Sequence, at);
        }
    }

    /// <summary>Folds an event into the state.</summary>
    /// <param name="happened">What happened.</param>
    /// <param name="source">Its sequence number at its sender, if it has one; else its id identifies duplicates.</param>
    public ApplyOutcome Apply(FleetEvent happened, EventSource source = default)
    {
        using (_registry.Gate.Enter())
        {
            if (Knows(happened.EventId, source))
            {
                return ApplyOutcome.Duplicate;
            }

            if (!source.HasSequence || !_senders.TrySettle(source.SenderId, source.Sequence, happened.OccurredAt))
            {
                _seenEvents.TryAdd(HorizonMap<byte>.KeyOf(happened.EventId), 0, happened.OccurredAt);
            }

            return happened switch
            {
                JobStarted started => Fold(started),
                JobCompleted completed => Fold(completed),
                RunnerSeen seen => Fold(seen),
                RunnerStopped stopped => Fold(stopped),
                WorkflowJobChanged changed => Fold(changed),
                QueuedJobExpired expired => Fold(expired),
                JobsPolled polled => Fold(polled),
                WorkflowRunEnded ended => Fold(ended),
                DeploymentChanged or IncidentChanged or CommitsSeen => FoldDeployment(happened),
                CacheReported cache => Fold(cache),
                RunnerSilent silent => Fold(silent),
                RunnerForgotten forgotten => Fold(forgotten),
                JobGivenUp givenUp => Fold(givenUp),
                FailureUnexplained unexplained => Fold(unexplained),
                TimeObserved observed => Fold(observed),
                _ => throw new ArgumentException($"There is no fold over {happened.GetType().Name}.", nameof(happened)),
            };
        }
    }

    /// <summary>The event that a heartbeat is the first sign of: a runner, a new life of one, its return, or another state of it; null if it tells nothing new.</summary>
    public RunnerSeen? FirstSign(Heartbeat heartbeat)
    {
        using (_registry.Gate.Enter())
        {
            var runner = Place(heartbeat.Runner);
            if (_runners.TryGetValue(RunnerKey.Of(runner), out var record) && !record.IsNews(heartbeat with { Runner = runner }))
            {
                return null;
            }

            var id = string.Create(
                CultureInfo.InvariantCulture, $"seen:{runner.Scope}:{runner.Type}:{runner.InstanceId}:{heartbeat.ReceivedAt.UtcTicks}:{runner.Name}");
            return new RunnerSeen(id, heartbeat.ReceivedAt, runner, heartbeat.StartedAt) { State = heartbeat.State, StateAt = heartbeat.OccurredAt };
        }
    }

    /// <summary>Records a heartbeat of a runner that was <see cref="FirstSign">seen</see>.</summary>
    public HeartbeatOutcome RecordHeartbeat(Heartbeat heartbeat)
    {
        using (_registry.Gate.Enter())
        {
            var runner = Place(heartbeat.Runner);
            if (!_runners.ContainsKey(RunnerKey.Of(runner)) && _runners.Count >= _options.MaxRunnerRecords)
            {
                return default;
            }

            var record = RecordOf(runner, heartbeat.ReceivedAt);
            if (!record.NoticeLife(runner, heartbeat.StartedAt, heartbeat.OccurredAt))
            {
                return new HeartbeatOutcome(0, record.RecordRivalHeartbeat(Observed, _options.OfflineAfter));
            }

            var lost = record.RecordHeartbeat(heartbeat with { Runner = runner }, Observed);
            Show(record);
            return new HeartbeatOutcome(lost, IsConflict: false);
        }
    }

    /// <summary>Updates values that depend on time; for a snapshot's collector.</summary>
    public void ShowTime(DateTimeOffset now)
    {
        using (_registry.Gate.Enter())
        {
            foreach (var record in _runners.Values)
            {
                record.Gauges?.ShowUptime(record, now);
            }

            ShowWaits(now);
        }
    }

    /// <summary>The runners that are known, by name.</summary>
    public IReadOnlyList<RunnerSummary> Describe()
    {
        RunnerSummary[] runners;
        using (_registry.Gate.Enter())
        {
            runners = [.. _runners.Values.Select(r => r.Summarize(StateCounts.NameOf(r)))];
        }

        return [.. runners.OrderBy(r => r.Name, StringComparer.Ordinal).ThenBy(r => r.Scope, StringComparer.Ordinal)];
    }

    private ApplyOutcome FoldDeployment(FleetEvent happened)
    {
        switch (happened)
        {
            case DeploymentChanged changed:
                _deployments.Fold(changed);
                break;
            case IncidentChanged changed:
                _deployments.Fold(changed);
                break;
            case CommitsSeen seen:
                _deployments.Fold(seen);
                break;
        }

        return ApplyOutcome.Accepted;
    }
}
