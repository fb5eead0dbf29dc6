using System.Globalization;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Memory;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Fleet;

/// <content>GitHub's events about jobs, in addition to the agents'.</content>
public sealed partial class FleetState
{
    private readonly RecentMap<WorkflowJobRecord> _workflowJobs;
    private readonly JobJoin _join;

    /// <summary>The ephemeral runners whose agents have sent their last event, by name: GitHub may still report them.</summary>
    private readonly RecentMap<RunnerKey[]> _departed;
    private readonly QueuedJobs _queued;
    private readonly WorkflowSeries _workflows;

    /// <summary>Whether the runner that ran a repository's job has an agent, or had one until the runner ended after its one job.</summary>
    public bool HasAgentFor(string runnerName, string serverUrl, RepositoryName repository)
    {
        using (_registry.Gate.Enter())
        {
            var host = GitHubServer.HostOf(serverUrl);
            return AgentsRecordOf(runnerName, 0, "", host, repository) is not null || DepartedOf(runnerName, host, repository) is not null;
        }
    }

    /// <summary>Whether there is a runner of a type with an agent.</summary>
    public bool KnowsType(string runnerType)
    {
        using (_registry.Gate.Enter())
        {
            return _runners.Values.Any(runner => runner.HasAgent && runner.Identity.Type == runnerType);
        }
    }

    /// <summary>The keys of the jobs that have been waiting since before a moment of <see cref="Observed"/> time, for the watch; the caller holds the gate.</summary>
    internal IEnumerable<UInt128> QueuedSinceBefore(TimeSpan moment) => _queued.WaitingSinceBefore(moment);

    private ApplyOutcome Fold(WorkflowJobChanged changed)
    {
        MeasureWaits();
        var job = changed.Job;
        var key = GitHubsKeyOf(job);
        if (!_workflowJobs.TryGet(key, out var known))
        {
            _workflowJobs.Set(key, known = new WorkflowJobRecord(key), changed.OccurredAt);
        }

        var isNews = known.Learn(changed.State, job);
        _join.Meet(known, job, changed.OccurredAt);
        var agentTold = known.CountedAs != known.Key && _jobs.Knows(known.CountedAs, but: JobConclusion.Lost);
        if (isNews)
        {
            Queue(known, changed);
        }

        if (changed.State >= WorkflowJobState.InProgress && job.RunnerName.Length > 0)
        {
            RememberBegin(RunOf(job.Identity), changed.OccurredAt);
        }

        // Who took it is known of a job that runs or ran; one that was skipped, or cancelled while it waited, was taken by none.
        var runner = job.RunnerName.Length > 0 && changed.State >= WorkflowJobState.InProgress ? RunnerOf(job, changed.OccurredAt)
            : known.WaitToCount is not null ? RunnerOf(job with { RunnerName = known.RunnerName, RunnerId = known.RunnerId }, changed.OccurredAt)
            : null;
        if (runner is not null ? changed.State != WorkflowJobState.Completed || job.Conclusion is not null : changed.State == WorkflowJobState.Queued && !job.CountsForKnownRunnersOnly)
        {
            _workflows.Initialize(job.Repository, job.Workflow);
        }

        if (runner is not null)
        {
            CountWait(known, runner, job.Identity, known.StartedAt ?? changed.OccurredAt);
            if (changed.State == WorkflowJobState.Completed && job.Conclusion is { } conclusion)
            {
                Conclude(runner, known.CountedAs, job, conclusion, changed);
            }

            Show(runner);
        }

        if (isNews)
        {
            Trace(changed, isOurs: runner is not null || (job.RunnerName.Length == 0 && !job.CountsForKnownRunnersOnly), agentTold);
        }

        return ApplyOutcome.Accepted;
    }

    private static UInt128 GitHubsKeyOf(WorkflowJob job) =>
        HorizonMap<byte>.KeyOf(string.Create(CultureInfo.InvariantCulture, $"job\n{GitHubServer.HostOf(job.ServerUrl)}\n{job.Id}"));

    private ApplyOutcome Fold(QueuedJobExpired expired)
    {
        _queued.Leave(UInt128.Parse(expired.JobKey, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        return ApplyOutcome.Accepted;
    }

    private void Queue(WorkflowJobRecord known, WorkflowJobChanged changed)
    {
        if (changed.State != WorkflowJobState.Queued)
        {
            _queued.Initialize(changed.Job.RunnerType);
            _queued.Leave(known.Key);
        }
        else
        {
            var job = changed.Job;
            _queued.Enter(known.Key, new QueuedJob(
                job.RunnerType, Observed, changed.OccurredAt, string.Join('\n', job.Labels), QueuedJob.Kept(job.ServerUrl), QueuedJob.Kept(job.Repository), RunOf(job.Identity),
                QueuedJob.Kept(job.Workflow)));
        }
    }

    private void Conclude(RunnerRecord runner, UInt128 key, WorkflowJob job, JobConclusion conclusion, WorkflowJobChanged changed)
    {
        var at = changed.OccurredAt;
        var open = runner.OpenJobs.FirstOrDefault(running => _join.KeyOf(running.Job.Key) == key);
        var identity = job.Identity;
        if (open is not null)
        {
            // It ended, though its agent has not reported it yet, and an old Enterprise Server sends no workflow.
            runner.End(open.Job.Key, job.CompletedAt ?? at);
            identity = identity with { Workflow = identity.Workflow.Length > 0 ? identity.Workflow : open.Job.Workflow };
        }

        var duration = job.CompletedAt - job.StartedAt;
        Conclude(
            runner, key, identity, conclusion, job.FailureReason, duration < TimeSpan.Zero ? TimeSpan.Zero : duration, at, job.CompletedAt ?? at,
            runner is { HasAgent: true, IsOnline: true } ? Observed : null);
    }

    private void CountWait(UInt128 key, RunnerRecord runner, JobIdentity job, DateTimeOffset at)
    {
        if (_workflowJobs.TryGet(key, out var known))
        {
            CountWait(known, runner, job, known.StartedAt ?? at);
        }
    }

    private void CountWait(WorkflowJobRecord known, RunnerRecord runner, JobIdentity job, DateTimeOffset at)
    {
        if (known.WaitToCount is { } wait)
        {
            ObserveWait(runner, wait, job, at);
            known.WaitIsCounted();
        }
    }

    private void ObserveWait(RunnerRecord runner, TimeSpan wait, JobIdentity job, DateTimeOffset at)
    {
        MeasureWaits();
        runner.Jobs.Queue.Observe(wait.TotalSeconds, at, JobExemplar.Of(job, wait.TotalSeconds, at, _options.TracesRuns));
    }

    // From the first webhook on, a runner whose jobs do not wait is distinguished from one whose waits are not measured.
    private void MeasureWaits()
    {
        if (_families.WaitsAreMeasured)
        {
            return;
        }

        _families.WaitsAreMeasured = true;

        // By their keys: a dictionary that something was removed from has another order than the one that is loaded.
        var runners = _runners.OrderBy(runner => runner.Key.Scope, StringComparer.Ordinal)
            .ThenBy(runner => runner.Key.Name, StringComparer.Ordinal).ThenBy(runner => runner.Key.Type, StringComparer.Ordinal).Select(runner => runner.Value.Jobs);
        foreach (var jobs in runners.Concat(_shared.All))
        {
            jobs.Queue.Initialize();
        }
    }

    /// <summary>The runner that took a job: one with an agent, else one known only from GitHub; null if the job does not count then.</summary>
    private RunnerRecord? RunnerOf(WorkflowJob job, DateTimeOffset at)
    {
        var host = GitHubServer.HostOf(job.ServerUrl);
        if (AgentsRecordOf(job.RunnerName, job.RunnerId, job.RunnerType, host, job.Repository) is { } record)
        {
            record.Mention(at, Observed);
            return record;
        }

        return NewRunnerOf(job, host) is { } runner ? FindOrMake(runner, at) : null;
    }

    // As it would be folded in: a job runs, and its runner may not be known yet.
    private RunnerKey? RunnerOf(WorkflowJobChanged changed)
    {
        var (job, host) = (changed.Job, GitHubServer.HostOf(changed.Job.ServerUrl));
        return job.RunnerName.Length == 0 || changed.State < WorkflowJobState.InProgress ? null
            : AgentsRecordOf(job.RunnerName, job.RunnerId, job.RunnerType, host, job.Repository) is { } record ? RunnerKey.Of(record.Identity)
            : NewRunnerOf(job, host) is { } runner ? RunnerKey.Of(runner)
            : null;
    }

    private RunnerIdentity? NewRunnerOf(WorkflowJob job, string host)
    {
        var departed = DepartedOf(job.RunnerName, host, job.Repository);
        return departed is null && job.CountsForKnownRunnersOnly ? null : RunnerIdentity.Kept(
            job.RunnerName, departed?.Type ?? job.RunnerType, "", job.RunnerIsEphemeral || departed is not null, "", departed?.Scope ?? RunnerScope.OfOwner(host, job.Repository));
    }

    // Names are an organisation's own, and GitHub does not know types: if the labels and the agent differ, the agent is right.
    private RunnerRecord? AgentsRecordOf(string name, long id, string likelyType, string host, RepositoryName repository) =>
        !_namesakes.TryGetValue(name, out var namesakes) ? null : namesakes.Where(runner => runner.HasAgent)
            .Select(runner => (Record: runner, Fit: RunnerScope.FitOf(runner.Identity.Scope, host, repository))).Where(runner => runner.Fit is not null)
            .OrderByDescending(runner => id == 0 || runner.Record.Identity.Id == 0 ? 1 : runner.Record.Identity.Id == id ? 2 : 0)
            .ThenByDescending(runner => runner.Fit)
            .ThenByDescending(runner => runner.Record.Identity.Type == likelyType)
            .ThenByDescending(runner => runner.Record.LastMentioned)
            .ThenBy(runner => runner.Record.Identity.Type, StringComparer.Ordinal)
            .FirstOrDefault().Record;

    private void RememberDeparted(RunnerIdentity runner, DateTimeOffset at)
    {
        const int MostNamesakes = 8;
        var (key, departed) = (DepartedKey(runner.Name), RunnerKey.Of(runner));
        RunnerKey[] namesakes = _departed.TryGet(key, out var known) ? [departed, .. known.Where(other => other != departed).Take(MostNamesakes - 1)] : [departed];
        _departed.Set(key, namesakes, at);
    }

    private RunnerKey? DepartedOf(string name, string host, RepositoryName repository) =>
        !_departed.TryGet(DepartedKey(name), out var namesakes) ? null : namesakes
            .Where(runner => RunnerScope.FitOf(runner.Scope, host, repository) is not null).OrderByDescending(runner => RunnerScope.FitOf(runner.Scope, host, repository))
            .Select(runner => (RunnerKey?)runner).FirstOrDefault();

    private static UInt128 DepartedKey(string name) => HorizonMap<byte>.KeyOf("departed\n" + name);
}
