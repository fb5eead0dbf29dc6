using System.Globalization;
using RunnerMetrics.Core.Deployments;
using RunnerMetrics.Core.Events;
using RunnerMetrics.Core.Jobs;
using RunnerMetrics.Core.Metrics;

namespace RunnerMetrics.Core.Runners;

/// <summary>
/// The state of a fleet: a fold over events that reads no clock. The same events in the same order give the same counters and
/// histograms. What depends on time is judged beside it, by <see cref="FleetWatch"/>, and comes in as an event too.
/// </summary>
/// <remarks>
/// It is one type because it is one fold: a short method for each kind of event, over one set of records. Every member takes the
/// registry's gate, so that a scrape sees each event whole or not at all.
/// </remarks>
public sealed partial class Fleet
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

    /// <summary>The same records, by name: a webhook names no more.</summary>
    private readonly Dictionary<string, List<RunnerRecord>> _namesakes = new(StringComparer.Ordinal);
    private readonly ByteMeter _openJobBytes = new();
    private int _ownSeries;

    /// <summary>An empty fleet whose metrics go to a registry.</summary>
    public Fleet(MetricRegistry registry, FleetOptions options)
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
        _deployments = new DeploymentFold(_families, options, horizonDays);
    }

    /// <summary>
    /// For how long the exporter has watched this fleet, in all of its lives together. Silence is measured in it and in nothing else: it goes on with a monotonic clock, and
    /// <see cref="TimeObserved"/> carries it over a restart, so that no clock that is set, and no time in which nobody watched, judges anybody. The writer's gate guards it.
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

    /// <summary>Whether a job is open or has ended: its start takes no room.</summary>
    internal bool IsKnown(JobIdentity job) => _jobs.IsConcluded(_join.KeyOf(job.Key));

    /// <summary>The runner whose record an event is folded into, which it may be the first to name; null where it is about none.</summary>
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

    /// <summary>Whether an event is a repetition of one that was folded in, or settled otherwise.</summary>
    /// <param name="eventId">The event's id, which counts where it has no sequence.</param>
    /// <param name="source">Its place among its sender's events.</param>
    public bool Knows(string eventId, EventSource source)
    {
        lock (_registry.Gate)
        {
            return source.HasSequence && !_senders.IsCrowded(source.SenderId)
                ? _senders.IsSettled(source.SenderId, source.Sequence)
                : (source.HasSequence && _senders.IsSettled(source.SenderId, source.Sequence))
                    || _seenEvents.TryGet(HorizonMap<byte>.KeyOf(eventId), out _);
        }
    }

    /// <summary>Takes note that an event of a sender needs no answer any more, because it was refused for good.</summary>
    public void Settle(EventSource source, DateTimeOffset at)
    {
        lock (_registry.Gate)
        {
            _senders.TrySettle(source.SenderId, source.Sequence, at);
        }
    }

    /// <summary>Folds an event into the state.</summary>
    /// <param name="happened">What happened.</param>
    /// <param name="source">Its place among its sender's events, where that keeps an order; else its id tells whether it is a repetition.</param>
    public ApplyOutcome Apply(FleetEvent happened, EventSource source = default)
    {
        lock (_registry.Gate)
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
                JobWaited waited => Fold(waited),
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

    /// <summary>The event that a heartbeat is the first sign of: a runner, a new life of one, its return, or another state of it; null where it tells nothing new.</summary>
    public RunnerSeen? FirstSign(Heartbeat heartbeat)
    {
        lock (_registry.Gate)
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

    /// <summary>Takes note of a sign of life of a runner that was <see cref="FirstSign">seen</see>.</summary>
    public Heard Hear(Heartbeat heartbeat)
    {
        lock (_registry.Gate)
        {
            var runner = Place(heartbeat.Runner);
            if (!_runners.ContainsKey(RunnerKey.Of(runner)) && _runners.Count >= _options.MaxRunnerRecords)
            {
                return default;
            }

            var record = RecordOf(runner, heartbeat.ReceivedAt);
            if (!record.NoticeLife(runner, heartbeat.StartedAt, heartbeat.OccurredAt))
            {
                return new Heard(0, record.HearRival(Observed, _options.OfflineAfter));
            }

            var lost = record.Hear(heartbeat with { Runner = runner }, Observed);
            Show(record);
            return new Heard(lost, IsConflict: false);
        }
    }

    /// <summary>Brings what grows with time up to date; for a snapshot's collector.</summary>
    public void ShowTime(DateTimeOffset now)
    {
        lock (_registry.Gate)
        {
            foreach (var record in _runners.Values)
            {
                record.Gauges?.ShowUptime(record, now);
            }
        }
    }

    /// <summary>The runners that are known, by name.</summary>
    public IReadOnlyList<RunnerSummary> Describe()
    {
        lock (_registry.Gate)
        {
            return [.. _runners.Values
                .Select(r => new RunnerSummary(
                    r.Identity.Name, r.Identity.Type, StateCounts.NameOf(r), r.Identity.Version, r.LastHeard, r.OpenJobs.Count, r.Identity.Scope))
                .OrderBy(r => r.Name, StringComparer.Ordinal).ThenBy(r => r.Scope, StringComparer.Ordinal)];
        }
    }

    private ApplyOutcome Fold(JobStarted started)
    {
        var runner = Place(started.Runner);
        var record = RecordOf(runner, started.OccurredAt);
        record.NoticeLife(runner, null, started.OccurredAt);
        var key = _join.Meet(started.Job, started.Runner.Name, started.OccurredAt, null, started.OccurredAt);
        _workflows.Bear(started.Job.Repository, started.Job.Workflow);

        // What ended stays ended: a start that arrives behind its end opens nothing.
        if (!_jobs.IsConcluded(key))
        {
            record.Start(new OpenJob(started.Job, started.OccurredAt, started.Runner.InstanceId, Observed));
        }

        CountWait(key, record, started.Job, started.OccurredAt);
        Show(record);
        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(JobCompleted completed)
    {
        var runner = Place(completed.Runner);
        var record = RecordOf(runner, completed.OccurredAt);
        record.NoticeLife(runner, null, completed.StartedAt ?? completed.OccurredAt);
        var end = completed.CompletedAt ?? completed.OccurredAt;
        record.End(completed.Job.Key, end);
        var key = _join.Meet(completed.Job, completed.Runner.Name, completed.StartedAt, completed.CompletedAt, completed.OccurredAt);
        var outcome = Conclude(
            record, key, completed.Job, completed.Conclusion, completed.FailureReason, completed.CompletedAt - completed.StartedAt, completed.OccurredAt, end);
        SettleReason(record, key, completed.FailureReason);
        CountWait(key, record, completed.Job, completed.StartedAt ?? end);
        Show(record);
        return outcome;
    }

    // A job is counted at its first conclusion; a different one later is a correction, and moves nothing. The reason of a failure may wait for the agent's word.
    private ApplyOutcome Conclude(
        RunnerRecord record, UInt128 key, JobIdentity job, JobConclusion conclusion, JobFailureReason? reason, TimeSpan? duration, DateTimeOffset at, DateTimeOffset end,
        TimeSpan? waitsSince = null)
    {
        if (_jobs.Conclude(key, conclusion, at, out var earlier))
        {
            record.Jobs.CountConclusion(conclusion);
            if (conclusion == JobConclusion.Failed)
            {
                var open = new OpenReason(key, reason ?? JobFailureReason.Unknown, waitsSince ?? Observed);
                if (waitsSince is null)
                {
                    record.Jobs.CountFailure(open.GitHubs);
                }
                else
                {
                    record.OpenReasons.Add(open);
                }
            }

            var seconds = conclusion == JobConclusion.Lost ? null : duration?.TotalSeconds;
            var exemplar = seconds is { } measured ? JobExemplar.Of(job, measured, end) : null;
            if (seconds is { } took)
            {
                record.Jobs.ObserveDuration(conclusion, took, exemplar);
            }

            _workflows.Count(job.Repository, job.Workflow, conclusion, seconds, exemplar);
            return ApplyOutcome.Accepted;
        }

        if (earlier == conclusion)
        {
            return ApplyOutcome.Duplicate;
        }

        record.Jobs.CountCorrection(earlier, conclusion);
        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(RunnerSeen seen)
    {
        var runner = Place(seen.Runner);
        var record = RecordOf(runner, seen.OccurredAt);
        if (record.NoticeLife(runner, seen.StartedAt, seen.OccurredAt) || record.Resume(runner, seen.StartedAt))
        {
            record.Describe(runner);
            record.FirstHeard(seen.OccurredAt, seen.StartedAt, Observed);
            if (seen is { State: { } state, StateAt: { } stateAt })
            {
                record.Learn(state, stateAt);
            }
        }

        Show(record);
        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(RunnerStopped stopped)
    {
        var runner = Place(stopped.Runner);
        var record = RecordOf(runner, stopped.OccurredAt);
        if (record.NoticeLife(runner, null, stopped.OccurredAt))
        {
            record.Stop(stopped.OccurredAt);
            Show(record);
            if (record.Identity.Ephemeral && record.OpenJobs.Count == 0)
            {
                RememberDeparted(record.Identity, stopped.OccurredAt);
                Forget(record);
            }
        }

        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(JobWaited waited)
    {
        var record = RecordOf(Place(waited.Runner), waited.OccurredAt);
        ObserveWait(record, waited.Wait, waited.Job, waited.OccurredAt);
        Show(record);
        return ApplyOutcome.Accepted;
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

    private ApplyOutcome Fold(CacheReported cache)
    {
        var record = RecordOf(Place(cache.Runner), cache.OccurredAt);
        if (!record.TryReport(cache.Hits + cache.Misses))
        {
            _families.CacheReportsImplausible.Increment();
        }
        else if (!record.Jobs.Caches.Count(cache.CacheType, cache.Hits, cache.Misses, cache.OccurredAt))
        {
            _families.DroppedSeries.Increment();
        }

        _unknownCacheLines.Count(cache.CacheType, cache.UnknownLines);
        Show(record);
        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(RunnerSilent silent)
    {
        // A runner may have been heard between the verdict and now.
        if (_runners.TryGetValue(new RunnerKey(silent.RunnerScope, silent.RunnerName, silent.RunnerType), out var record)
            && !(record.HeardAt >= silent.Observed))
        {
            Learn(silent.Observed);
            record.FallSilent(silent.Observed);
            Show(record);
        }

        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(RunnerForgotten forgotten)
    {
        // It may have been heard, or have begun a job, between the verdict and now.
        if (_runners.TryGetValue(new RunnerKey(forgotten.RunnerScope, forgotten.RunnerName, forgotten.RunnerType), out var record)
            && record.OpenJobs.Count == 0 && !(record.HeardAt >= forgotten.Observed))
        {
            Forget(record);
        }

        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(JobGivenUp givenUp)
    {
        if (!_runners.TryGetValue(new RunnerKey(givenUp.RunnerScope, givenUp.RunnerName, givenUp.RunnerType), out var record))
        {
            return ApplyOutcome.Accepted;
        }

        // Its end may have come in between the verdict and now: a guess corrects no fact.
        var key = _join.KeyOf(givenUp.JobKey);
        if (_jobs.IsConcluded(key))
        {
            return ApplyOutcome.Duplicate;
        }

        var job = record.OpenJobs.Find(givenUp.JobKey)?.Job ?? new JobIdentity(givenUp.JobKey);
        record.End(givenUp.JobKey, DateTimeOffset.MinValue);
        var outcome = Conclude(record, key, job, JobConclusion.Lost, null, null, givenUp.OccurredAt, givenUp.OccurredAt);
        Show(record);
        return outcome;
    }

    private ApplyOutcome Fold(FailureUnexplained unexplained)
    {
        // The agent's word may have come in between the verdict and now: then nothing is open.
        if (_runners.TryGetValue(new RunnerKey(unexplained.RunnerScope, unexplained.RunnerName, unexplained.RunnerType), out var record))
        {
            SettleReason(record, UInt128.Parse(unexplained.JobKey, NumberStyles.HexNumber, CultureInfo.InvariantCulture), null);
        }

        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(TimeObserved observed)
    {
        Learn(observed.Observed);
        return ApplyOutcome.Accepted;
    }

    // A verdict says how late it was, too: what was observed after the last note is not judged a second time.
    private void Learn(TimeSpan observed) => Observed = observed > Observed ? observed : Observed;

    // Each failure has one reason: the agent's where it has one, else GitHub's.
    private static void SettleReason(RunnerRecord record, UInt128 key, JobFailureReason? agents)
    {
        if (record.OpenReasons.FindIndex(open => open.Key == key) is >= 0 and var index)
        {
            record.Jobs.CountFailure(agents is null or JobFailureReason.Unknown ? record.OpenReasons[index].GitHubs : agents.Value);
            record.OpenReasons.RemoveAt(index);
        }
    }

    /// <summary>A runner with its scope: who names none, and is of a life whose scope is known, is that one.</summary>
    private RunnerIdentity Place(RunnerIdentity runner)
    {
        if (runner.Scope.Length > 0 || _runners.ContainsKey(RunnerKey.Of(runner)) || !_namesakes.TryGetValue(runner.Name, out var namesakes))
        {
            return runner;
        }

        var same = namesakes.Where(known => known.HasAgent && known.Identity.Type == runner.Type && (runner.InstanceId.Length == 0 || known.HasHadLife(runner.InstanceId)));
        return same.Take(2).ToArray() is [var only] ? runner.InScope(only.Identity.Scope) : runner;
    }

    // The record of a runner whose agent speaks.
    private RunnerRecord RecordOf(RunnerIdentity runner, DateTimeOffset at)
    {
        _runners.TryGetValue(RunnerKey.Of(runner), out var known);
        if (runner.Ephemeral && known is { HasAgent: false, Gauges: not null })
        {
            Share(known);
        }

        var unplaced = runner.Scope.Length > 0 && known is not { HasAgent: true } ? _runners.GetValueOrDefault(RunnerKey.Of(runner) with { Scope = "" }) : null;
        var record = FindOrMake(runner, at);
        if (unplaced is { HasAgent: true } && unplaced.MayBe(runner))
        {
            Move(unplaced, record);
        }

        record.HasAgent = true;
        return record;
    }

    // A scope that becomes known late: the same runner, under its full name. What was counted goes with it, and nothing is left behind.
    private void Move(RunnerRecord unplaced, RunnerRecord record)
    {
        if (unplaced.Gauges is not null)
        {
            record.Jobs.Add(unplaced.Jobs);
        }

        record.Continue(unplaced);
        Forget(unplaced);
    }

    private RunnerRecord FindOrMake(RunnerIdentity runner, DateTimeOffset at)
    {
        var key = RunnerKey.Of(runner);
        if (_runners.TryGetValue(key, out var record) && record is { HasAgent: false, Identity.Ephemeral: true } && !runner.Ephemeral)
        {
            // GitHub alone spoke of it, and did not say that it stays.
            Forget(record);
            record = null;
        }

        if (record is null)
        {
            Add(record = NewRecord(runner));
        }

        record.Mention(at, Observed);
        return record;
    }

    private RunnerRecord NewRecord(RunnerIdentity runner)
    {
        if (runner.Ephemeral)
        {
            return Shared(runner);
        }

        if (_ownSeries < _options.MaxRunners && _families.HasRoom)
        {
            _ownSeries++;
            return WithOwnSeries(runner);
        }

        _families.DroppedSeries.Increment();
        return Shared(runner);
    }

    private RunnerRecord Shared(RunnerIdentity runner) => new(runner, _shared.For(runner), null, _openJobBytes);

    private void Add(RunnerRecord record)
    {
        _runners[RunnerKey.Of(record.Identity)] = record;
        if (!_namesakes.TryGetValue(record.Identity.Name, out var namesakes))
        {
            _namesakes[record.Identity.Name] = namesakes = [];
        }

        namesakes.Add(record);
    }

    private void Forget(RunnerRecord record)
    {
        // Where others are counted with it, its series stay.
        record.OpenReasons.ForEach(open => record.Jobs.CountFailure(open.GitHubs));
        record.OpenJobs.Clear();
        _states.Remove(record);
        _runners.Remove(RunnerKey.Of(record.Identity));
        var namesakes = _namesakes[record.Identity.Name];
        namesakes.Remove(record);
        if (namesakes.Count == 0)
        {
            _namesakes.Remove(record.Identity.Name);
        }

        if (record.Gauges is { } gauges)
        {
            _ownSeries--;
            gauges.Remove();
            record.Jobs.Remove();
        }
    }

    // GitHub spoke of it before its agent said that it is one of many: what was counted moves where all of them are counted, and nothing is lost.
    private void Share(RunnerRecord record)
    {
        _shared.For(record.Identity.AsEphemeral()).Add(record.Jobs);
        Forget(record);
    }

    private void Show(RunnerRecord record)
    {
        record.Gauges?.Show(record);
        _states.Update(record);
    }
}
