using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Simulator.GitHub;
using RunnerMetrics.Simulator.Load;
using RunnerMetrics.Simulator.Logs;

namespace RunnerMetrics.Simulator.Running;

/// <summary>Runs one job: what the listener and a worker of its own log from its message to its end.</summary>
internal sealed class JobRun(JobPlan job, ListenerLog listener, LogSettings settings, TimeProvider time, double speed, int workerPid, JobHooks hooks)
{
    private const int Ok = 100;
    private const int Failed = 102;
    private const int Canceled = 103;
    private const int Killed = 137;
    private readonly JobPace _pace = new(job, speed);
    private readonly WorkerIds _ids = new(job);
    private readonly List<WorkflowStep> _steps = [];

    /// <summary>Runs the job to its end, or to the runner's.</summary>
    public async Task<JobEnd> RunAsync(Guid? previousJob, CancellationToken stop)
    {
        var message = new JobMessage(job, _ids.Timeline, _ids.Steps, time.GetUtcNow().AddMinutes(-10));
        listener.JobReceived(job, previousJob);
        var startedAt = time.GetUtcNow();
        listener.JobRunning(job, message, workerPid);
        var clock = new JobClock(listener, job, time, stop);
        var (exitCode, toldToStop, shutDown) = await WorkAsync(message, clock);
        if (exitCode is null)
        {
            return End(startedAt, null, exitCode, shutDown);
        }

        var completedAt = time.GetUtcNow();
        var result = toldToStop ? "Canceled" : exitCode == Ok ? "Succeeded" : "Failed";
        listener.JobFinished(job, workerPid, exitCode.Value, completedAt - startedAt, result, toldToStop);
        return End(startedAt, completedAt, exitCode, shutDown);
    }

    private async Task<(int? ExitCode, bool ToldToStop, bool ShutDown)> WorkAsync(JobMessage message, JobClock clock)
    {
        using var worker = new WorkerLog(settings, time, job, _ids);
        await clock.PassAsync(JobPace.WorkerStart);
        worker.Received(message);
        var setUp = clock.Now;
        worker.Initializes();
        if (job.Outcome == JobOutcome.InitializeFails)
        {
            worker.Waits();
        }

        await clock.PassAsync(_pace.Of(job.SetUp));
        if (job.Outcome == JobOutcome.InitializeFails && !clock.Stopped)
        {
            worker.InitializeFailed(new(setUp, clock.Now));
            _steps.Add(new WorkflowStep(WorkflowStep.SetUp, "failure", setUp, clock.Now));
            worker.ShutsQueueDown();
            await clock.PassUnstoppedAsync(JobPace.WorkerEnd);
            worker.Completes([_ids.SetUpStep], byItself: true);
            return (Failed, false, false);
        }

        worker.Initialized(new(setUp, clock.Now));
        _steps.Add(new WorkflowStep(WorkflowStep.SetUp, "success", setUp, clock.Now));
        var steps = new StepsRun(job, _ids, listener, worker, clock, _pace, workerPid, hooks, _steps);
        await steps.RunAsync();
        if (!steps.Survived)
        {
            return (job.Outcome == JobOutcome.WorkerKilled ? Killed : null, false, false);
        }

        worker.Finalizes(new(clock.Now, clock.Now), steps.JobState.Length == 0 ? "Succeeded" : steps.JobState);
        worker.ShutsQueueDown();
        await clock.PassUnstoppedAsync(JobPace.WorkerEnd);
        worker.Completes([.. steps.Records, _ids.CompleteStep], byItself: !steps.ToldToStop);
        _steps.Add(new WorkflowStep(WorkflowStep.Complete, "success", clock.Now, clock.Now));
        return (steps.JobState switch { "" => Ok, "Failed" => Failed, _ => Canceled }, steps.ToldToStop, steps.ShutsDown);
    }

    private JobEnd End(DateTimeOffset startedAt, DateTimeOffset? completedAt, int? exitCode, bool shutDown)
    {
        var conclusion = exitCode switch
        {
            null => JobConclusion.Lost,
            Ok => JobConclusion.Success,
            Canceled => JobConclusion.Cancelled,
            _ => JobConclusion.Failed,
        };
        var ended = new SimulatedJob(
            job.JobId,
            job.DisplayName,
            job.Repository,
            job.Workflow,
            job.RunId,
            job.RunAttempt,
            job.CheckRunId,
            LogTime.Truncate(startedAt),
            completedAt is { } at ? LogTime.Truncate(at) : null,
            conclusion,
            conclusion == JobConclusion.Failed ? Reason(shutDown) : null);
        return new JobEnd(ended, exitCode, shutDown, _steps);
    }

    private JobFailureReason Reason(bool shutDown) => job.Outcome switch
    {
        _ when shutDown => JobFailureReason.Runner,
        JobOutcome.InitializeFails or JobOutcome.StartedHookFails => JobFailureReason.Setup,
        JobOutcome.WorkerKilled => JobFailureReason.Runner,
        _ => JobFailureReason.Job,
    };
}
