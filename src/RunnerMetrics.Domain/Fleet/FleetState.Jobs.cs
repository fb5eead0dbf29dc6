using System.Globalization;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Fleet;

/// <content>Jobs: they start, end, are counted once, and are given up.</content>
public sealed partial class FleetState
{
    private ApplyOutcome Fold(JobStarted started)
    {
        var runner = Place(started.Runner);
        var record = RecordOf(runner, started.OccurredAt);
        record.NoticeLife(runner, null, started.OccurredAt);
        var key = _join.Meet(started.Job, started.Runner.Name, started.OccurredAt, null, started.OccurredAt);
        _workflows.Initialize(started.Job.Repository, started.Job.Workflow);
        RememberBegin(RunOf(started.Job), started.OccurredAt);

        // A job that ended stays ended: a start that arrives after its end opens nothing.
        var isOpen = !_jobs.IsConcluded(key);
        if (isOpen)
        {
            record.Start(new OpenJob(started.Job, started.OccurredAt, started.Runner.InstanceId, Observed));
        }

        CountWait(key, record, started.Job, started.OccurredAt);
        Trace(started, isOpen);
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
        Trace(completed, key);
        Show(record);
        return outcome;
    }

    // A job is counted at its first conclusion; a different one later is a correction, and changes no other count. The reason of a failure may wait for the agent's event.
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
            var exemplar = seconds is { } measured ? JobExemplar.Of(job, measured, end, _options.TracesRuns) : null;
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

    private ApplyOutcome Fold(JobGivenUp givenUp)
    {
        if (!_runners.TryGetValue(new RunnerKey(givenUp.RunnerScope, givenUp.RunnerName, givenUp.RunnerType), out var record))
        {
            return ApplyOutcome.Accepted;
        }

        // Its end may have arrived between the decision and now: a guess does not correct a fact.
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
        // The agent's event may have arrived between the decision and now: then nothing is open.
        if (_runners.TryGetValue(new RunnerKey(unexplained.RunnerScope, unexplained.RunnerName, unexplained.RunnerType), out var record))
        {
            SettleReason(record, UInt128.Parse(unexplained.JobKey, NumberStyles.HexNumber, CultureInfo.InvariantCulture), null);
        }

        return ApplyOutcome.Accepted;
    }

    // Each failure has one reason: the agent's if it has one, else GitHub's.
    private static void SettleReason(RunnerRecord record, UInt128 key, JobFailureReason? agents)
    {
        if (record.OpenReasons.FindIndex(open => open.Key == key) is >= 0 and var index)
        {
            record.Jobs.CountFailure(agents is null or JobFailureReason.Unknown ? record.OpenReasons[index].GitHubs : agents.Value);
            record.OpenReasons.RemoveAt(index);
        }
    }
}
