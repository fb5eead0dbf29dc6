using System.Globalization;
using RunnerMetrics.Simulator.GitHub;
using RunnerMetrics.Simulator.Load;
using RunnerMetrics.Simulator.Logs;

namespace RunnerMetrics.Simulator.Running;

/// <summary>
/// Goes through a job's steps as the worker does (actions/runner, <c>Runner.Worker/StepsRunner.cs</c>): a failed job continues with its
/// <c>always()</c> steps, a job whose runner shuts down with none.
/// </summary>
internal sealed class StepsRun(JobPlan job, WorkerIds ids, ListenerLog listener, WorkerLog worker, JobClock clock, JobPace pace, int firstPid, JobHooks hooks, List<WorkflowStep> told)
{
    private const string Succeeded = "Succeeded";
    private const string Failed = "Failed";
    private const string Canceled = "Canceled";
    private const string Skipped = "Skipped";
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);
    private int _pid = firstPid;
    /// <summary>The job's state: empty while all is well, then <c>Failed</c> or <c>Canceled</c>.</summary>
    public string JobState { get; private set; } = string.Empty;

    /// <summary>Whether the worker was told to stop, by GitHub or by a shutdown.</summary>
    public bool ToldToStop { get; private set; }

    /// <summary>Whether it was a shutdown.</summary>
    public bool ShutsDown { get; private set; }

    /// <summary>Whether the worker was there to the end.</summary>
    public bool Survived { get; private set; } = true;

    /// <summary>The records whose logs are left to be uploaded.</summary>
    public List<string> Records { get; } = [];

    /// <summary>Runs the hooks and all steps.</summary>
    public async Task RunAsync()
    {
        await StartedHookAsync();
        for (var i = 0; i < job.Steps.Count && Survived; i++)
        {
            await StepAsync(i);
        }

        if (Survived)
        {
            if (JobState.Length == 0)
            {
                hooks.ReportCache(job, clock.Now);
            }

            await CompletedHookAsync();
        }
    }

    private async Task StartedHookAsync()
    {
        if (clock.Stopped)
        {
            if (job.Outcome != JobOutcome.InitializeFails)
            {
                worker.Waits();
            }

            ShutDown();
        }

        if (!Consider("Set up runner", PlannedStep.Always, holds: true))
        {
            return;
        }

        var from = clock.Now;
        var pid = NextPid();
        worker.StartedHook(pid);
        worker.Waits();
        await clock.PassAsync(Moment);
        await hooks.StartedAsync(job);
        var exitCode = job.Outcome == JobOutcome.StartedHookFails ? 1 : 0;
        worker.ProcessEnded(pid, exitCode, clock.Now - from);
        Finish(new("Pre Job Hook", "runner", "Pre", ids.StartedHookStep, Plain(ids.StartedHookStep), Result(exitCode), Error(exitCode), new(from, clock.Now)));
        Tell("Set up runner", Result(exitCode), from);
        Records.AddRange([ids.SetUpStep, ids.StartedHookStep]);
    }

    private async Task StepAsync(int index)
    {
        var step = job.Steps[index];
        if (clock.Stopped && !ShutsDown)
        {
            ShutDown();
        }

        if (!Consider(step.Name, step.Condition, step.Condition == PlannedStep.Always || JobState.Length == 0))
        {
            return;
        }

        var from = clock.Now;
        var pid = NextPid();
        worker.Script(pid);
        await clock.PassAsync(pace.Of(step.Duration));
        var isEnd = index == job.EndsInStep && !clock.Stopped;
        if (isEnd && job.Outcome is JobOutcome.WorkerKilled or JobOutcome.RunnerCrashes)
        {
            Survived = false;
            told.Add(new WorkflowStep(step.Name, null, from, null));
            return;
        }

        if (clock.Stopped && !ShutsDown)
        {
            ShutDown();
            await InterruptAsync(step, index, pid, from, condition: null);
        }
        else if (isEnd && job.Outcome == JobOutcome.Cancelled)
        {
            listener.CancelReceived(job);
            listener.CancelSent(job);
            worker.CancelReceived();
            ToldToStop = true;
            JobState = Canceled;
            await InterruptAsync(step, index, pid, from, step.Condition);
        }
        else
        {
            worker.ProcessEnded(pid, step.ExitCode, clock.Now - from);
            Finish(Telemetry(step, index, Result(step.ExitCode), Error(step.ExitCode), from));
            Tell(step.Name, Result(step.ExitCode), from);
        }

        Records.Add(ids.Steps[index]);
    }

    private async Task CompletedHookAsync()
    {
        if (!Consider("Complete runner", PlannedStep.Always, holds: true))
        {
            return;
        }

        var from = clock.Now;
        var pid = NextPid();
        worker.CompletedHook(pid);
        await clock.PassUnstoppedAsync(Moment);
        await hooks.CompletedAsync(job);
        worker.ProcessEnded(pid, 0, clock.Now - from);
        Finish(new("Post Job Hook", "runner", "Post", ids.CompletedHookStep, null, Succeeded, null, new(from, clock.Now)));
        Tell("Complete runner", Succeeded, from);
        Records.Add(ids.CompletedHookStep);
    }

    /// <summary>Stops the running step's process: by an interrupt, and if it does not heed that, by force after 10 seconds.</summary>
    private async Task InterruptAsync(PlannedStep step, int index, int pid, DateTimeOffset from, string? condition)
    {
        worker.StepInterrupted(pid, condition);
        var exitCode = 130;
        if (step.HonoursInterrupt)
        {
            await clock.PassAsync(Moment);
            worker.InterruptHonoured();
        }
        else
        {
            await clock.PassAsync(TimeSpan.FromSeconds(7.5));
            worker.InterruptIgnored(pid);
            await clock.PassAsync(TimeSpan.FromSeconds(2.5));
            worker.TerminateIgnored();
            await clock.PassAsync(TimeSpan.FromSeconds(2.5));
            exitCode = 143;
        }

        worker.ProcessCancelled(pid, exitCode, clock.Now - from);
        Finish(Telemetry(step, index, Canceled, "The operation was canceled.", from));
        Tell(step.Name, Canceled, from);
    }

    /// <summary>The listener was told to stop and passes it on. The worker calls such a job failed, the listener canceled.</summary>
    private void ShutDown()
    {
        listener.StopsListening(busy: true);
        listener.DispatcherShutsDown(job.JobId);
        listener.CancelSent(job);
        worker.CancelReceived();
        ShutsDown = true;
        ToldToStop = true;
        JobState = JobState == Canceled ? Canceled : Failed;
    }

    private bool Consider(string name, string condition, bool holds)
    {
        worker.StepConsidered(name, ShutsDown ? null : condition, holds);
        if (holds && !ShutsDown)
        {
            return true;
        }

        worker.StepSkipped(JobState);
        Tell(name, Skipped, clock.Now);
        return false;
    }

    private void Tell(string name, string result, DateTimeOffset from) => told.Add(new WorkflowStep(
        name,
        result switch
        {
            Succeeded => "success",
            Failed => "failure",
            Canceled => "cancelled",
            _ => "skipped",
        },
        from,
        clock.Now));

    private void Finish(StepTelemetry step)
    {
        if (step.Result == Failed)
        {
            JobState = Failed;
        }

        worker.StepResult(step, JobState);
    }

    private StepTelemetry Telemetry(PlannedStep step, int index, string result, string? error, DateTimeOffset from) =>
        new("sh", "run", "Main", ids.Steps[index], string.Create(CultureInfo.InvariantCulture, $"__run_{index}"), result, error, new(from, clock.Now));

    private int NextPid() => _pid += 7;

    private static string Plain(string id) => id.Replace("-", string.Empty, StringComparison.Ordinal);

    private static string Result(int exitCode) => exitCode == 0 ? Succeeded : Failed;

    private static string? Error(int exitCode) =>
        exitCode == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"Process completed with exit code {exitCode}.");
}
