using System.Globalization;
using RunnerMetrics.Core.Events;
using RunnerMetrics.Core.Jobs;
using RunnerMetrics.Core.Metrics;

namespace RunnerMetrics.Core.Runners;

/// <summary>
/// The state of a fleet: a fold over events that reads no clock. The same events in the same order give the same counters and
/// histograms. What depends on time is judged beside it, by <see cref="FleetWatch"/>, and comes in as an event too.
/// </summary>
/// <remarks>Every member takes the registry's gate, so that a scrape sees each event whole or not at all.</remarks>
public sealed class Fleet
{
    private readonly MetricRegistry _registry;
    private readonly FleetOptions _options;
    private readonly FleetFamilies _families;
    private readonly HorizonMap<byte> _seenEvents;
    private readonly JobLedger _jobs;
    private readonly StateCounts _states;
    private readonly SharedSeries _shared;
    private readonly Dictionary<RunnerKey, RunnerRecord> _runners = [];
    private int _ownSeries;

    /// <summary>An empty fleet whose metrics go to a registry.</summary>
    public Fleet(MetricRegistry registry, FleetOptions options)
    {
        _registry = registry;
        _options = options;
        _families = new FleetFamilies(registry);
        var horizonDays = (int)Math.Ceiling(options.Horizon.TotalDays) + 1;
        _seenEvents = new HorizonMap<byte>(horizonDays, options.MaxRemembered);
        _jobs = new JobLedger(horizonDays, options.MaxRemembered);
        _states = new StateCounts(_families);
        _shared = new SharedSeries(_families);
    }

    /// <summary>The records, for the watch; the caller holds the gate.</summary>
    internal IEnumerable<RunnerRecord> Runners => _runners.Values;

    /// <summary>Folds an event into the state.</summary>
    public ApplyOutcome Apply(FleetEvent happened)
    {
        lock (_registry.Gate)
        {
            if (!_seenEvents.TryAdd(HorizonMap<byte>.KeyOf(happened.EventId), 0, happened.OccurredAt))
            {
                return ApplyOutcome.Duplicate;
            }

            return happened switch
            {
                JobStarted started => Fold(started),
                JobCompleted completed => Fold(completed),
                RunnerSeen seen => Fold(seen),
                RunnerStopped stopped => Fold(stopped),
                JobWaited waited => Fold(waited),
                CacheReported cache => Fold(cache),
                RunnerSilent silent => Fold(silent),
                RunnerForgotten forgotten => Fold(forgotten),
                JobGivenUp givenUp => Fold(givenUp),
                _ => throw new ArgumentException($"There is no fold over {happened.GetType().Name}.", nameof(happened)),
            };
        }
    }

    /// <summary>The event that a heartbeat is the first sign of, a runner or a new life of one; null where it tells nothing new.</summary>
    public RunnerSeen? FirstSign(Heartbeat heartbeat)
    {
        lock (_registry.Gate)
        {
            var runner = heartbeat.Runner;
            if (_runners.TryGetValue(new RunnerKey(runner.Name, runner.Type), out var record)
                && record.LastHeard is not null && record.Identity == runner && record.StartedAt == (heartbeat.StartedAt ?? record.StartedAt))
            {
                return null;
            }

            var id = string.Create(CultureInfo.InvariantCulture, $"seen:{runner.Type}:{runner.InstanceId}:{heartbeat.ReceivedAt.UtcTicks}:{runner.Name}");
            return new RunnerSeen(id, heartbeat.ReceivedAt, runner, heartbeat.StartedAt);
        }
    }

    /// <summary>Takes note of a sign of life of a runner that was <see cref="FirstSign">seen</see>.</summary>
    /// <returns>How many more events its sender says to have dropped than it said before.</returns>
    public ulong Hear(Heartbeat heartbeat)
    {
        lock (_registry.Gate)
        {
            var record = RecordOf(heartbeat.Runner);
            if (!record.NoticeLife(heartbeat.Runner, heartbeat.StartedAt, heartbeat.StartedAt ?? heartbeat.OccurredAt))
            {
                return 0;
            }

            var lost = record.Hear(heartbeat);
            Show(record);
            return lost;
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
                    r.Identity.Name, r.Identity.Type, StateCounts.NameOf(r), r.Identity.Version, r.LastHeard, r.OpenJobs.Count))
                .OrderBy(r => r.Name, StringComparer.Ordinal)];
        }
    }

    private ApplyOutcome Fold(JobStarted started)
    {
        var record = RecordOf(started.Runner);
        record.NoticeLife(started.Runner, null, started.OccurredAt);

        // What ended stays ended: a start that arrives behind its end opens nothing.
        if (!_jobs.IsConcluded(started.Job.Key))
        {
            record.Start(new OpenJob(started.Job, started.OccurredAt, started.Runner.InstanceId));
        }

        Show(record);
        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(JobCompleted completed)
    {
        var record = RecordOf(completed.Runner);
        record.NoticeLife(completed.Runner, null, completed.StartedAt ?? completed.OccurredAt);
        var end = completed.CompletedAt ?? completed.OccurredAt;
        record.End(completed.Job.Key, end);
        var outcome = Conclude(record, completed.Job.Key, completed.Conclusion, completed.FailureReason, completed.OccurredAt, out var first);
        if (first && completed is { Conclusion: not JobConclusion.Lost, StartedAt: { } start, CompletedAt: not null })
        {
            var seconds = (end - start).TotalSeconds;
            record.Jobs.ObserveDuration(completed.Conclusion, seconds, ExemplarOf(completed.Job, seconds, end));
        }

        Show(record);
        return outcome;
    }

    // A job is counted at its first conclusion; a different one later is a correction, and moves nothing.
    private ApplyOutcome Conclude(
        RunnerRecord record, string jobKey, JobConclusion conclusion, JobFailureReason? reason, DateTimeOffset at, out bool first)
    {
        first = _jobs.Conclude(jobKey, conclusion, at, out var earlier);
        if (first)
        {
            record.Jobs.CountConclusion(conclusion, reason);
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
        var record = RecordOf(seen.Runner);
        record.NoticeLife(seen.Runner, seen.StartedAt, seen.StartedAt ?? seen.OccurredAt);
        Show(record);
        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(RunnerStopped stopped)
    {
        var record = RecordOf(stopped.Runner);
        if (record.NoticeLife(stopped.Runner, null, stopped.OccurredAt))
        {
            record.Stop(stopped.OccurredAt);
            Show(record);
            if (record.Identity.Ephemeral && record.OpenJobs.Count == 0)
            {
                Forget(record);
            }
        }

        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(JobWaited waited)
    {
        var record = RecordOf(waited.Runner);
        var seconds = waited.Wait.TotalSeconds;
        record.Jobs.Queue.Observe(seconds, ExemplarOf(waited.Job, seconds, waited.OccurredAt));
        Show(record);
        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(CacheReported cache)
    {
        var record = RecordOf(cache.Runner);
        if (!record.Jobs.Caches.Count(cache.CacheType, cache.Hits, cache.Misses))
        {
            _families.DroppedSeries.Increment();
        }

        Show(record);
        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(RunnerSilent silent)
    {
        if (_runners.TryGetValue(new RunnerKey(silent.RunnerName, silent.RunnerType), out var record))
        {
            record.FallSilent();
            Show(record);
        }

        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(RunnerForgotten forgotten)
    {
        if (_runners.TryGetValue(new RunnerKey(forgotten.RunnerName, forgotten.RunnerType), out var record))
        {
            Forget(record);
        }

        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(JobGivenUp givenUp)
    {
        if (!_runners.TryGetValue(new RunnerKey(givenUp.RunnerName, givenUp.RunnerType), out var record))
        {
            return ApplyOutcome.Accepted;
        }

        record.End(givenUp.JobKey, DateTimeOffset.MinValue);
        var outcome = Conclude(record, givenUp.JobKey, JobConclusion.Lost, null, givenUp.OccurredAt, out _);
        Show(record);
        return outcome;
    }

    private RunnerRecord RecordOf(RunnerIdentity runner)
    {
        var key = new RunnerKey(runner.Name, runner.Type);
        if (_runners.TryGetValue(key, out var record))
        {
            return record;
        }

        if (runner.Ephemeral)
        {
            record = new RunnerRecord(runner, _shared.For(RunnerIdentity.EphemeralName, runner.Type), null);
        }
        else if (_ownSeries < _options.MaxRunners)
        {
            _ownSeries++;
            var labels = Labels.Of(("runner_name", runner.Name), ("runner_type", runner.Type));
            record = new RunnerRecord(runner, new JobSeries(_families, labels, withGauges: true), new RunnerGauges(_families, labels));
        }
        else
        {
            _families.DroppedSeries.Increment();
            record = new RunnerRecord(runner, _shared.For(RunnerIdentity.OtherName, runner.Type), null);
        }

        return _runners[key] = record;
    }

    private void Forget(RunnerRecord record)
    {
        _states.Remove(record);
        _runners.Remove(new RunnerKey(record.Identity.Name, record.Identity.Type));
        if (record.Gauges is { } gauges)
        {
            _ownSeries--;
            gauges.Remove();
            record.Jobs.Remove();
        }
    }

    private void Show(RunnerRecord record)
    {
        record.Gauges?.Show(record);
        _states.Update(record);
    }

    // What a person needs to find the job again on GitHub.
    private static Exemplar? ExemplarOf(JobIdentity job, double seconds, DateTimeOffset at)
    {
        if (job.Repository.Length == 0 || job.RunId == 0)
        {
            return null;
        }

        var runId = job.RunId.ToString(CultureInfo.InvariantCulture);
        return job.CheckRunId == 0
            ? Exemplar.TryCreate(seconds, at, ("repository", job.Repository), ("run_id", runId))
            : Exemplar.TryCreate(
                seconds,
                at,
                ("repository", job.Repository),
                ("run_id", runId),
                ("check_run_id", job.CheckRunId.ToString(CultureInfo.InvariantCulture)));
    }
}
