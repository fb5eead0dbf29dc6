using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Simulator.GitHub;
using RunnerMetrics.Simulator.Load;
using RunnerMetrics.Simulator.Logs;

namespace RunnerMetrics.Simulator.Running;

/// <summary>A runner that writes the files of a real one, and runs nothing but the configured job hooks.</summary>
public sealed class SimulatedRunner
{
    /// <summary>What a supervisor takes to start a runner again that crashed.</summary>
    private static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(3);

    private readonly SimulatorOptions _options;
    private readonly TimeProvider _time;
    private readonly LogSettings _settings;
    private readonly Func<JobPlan> _nextJob;
    private readonly JobHooks _hooks;
    private readonly RunnerOrders _orders;
    private int _lives;
    private int _jobs;
    private Guid? _previousJob;
    private (JobPlan Job, WorkflowJobNews? Queued)? _ahead;

    /// <summary>Makes a runner; it begins with <see cref="RunAsync"/>.</summary>
    /// <param name="options">What it is.</param>
    /// <param name="time">Its clock.</param>
    /// <exception cref="ArgumentException">The runner type is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The speed is not above 0.</exception>
    public SimulatedRunner(SimulatorOptions options, TimeProvider time)
        : this(options, time, new LoadProfile(options.RunnerType, options.Seed).Next)
    {
    }

    internal SimulatedRunner(SimulatorOptions options, TimeProvider time, Func<JobPlan> nextJob)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Speed, nameof(options));
        _options = options;
        _time = time;
        _nextJob = nextJob;
        _hooks = new JobHooks(options);
        _orders = new RunnerOrders(options.OrderFolder);
        _settings = new LogSettings(options.DiagDirectory, options.PageBytes, options.FlushesEachLine);
    }

    /// <summary>The id under which it is registered, which its settings and GitHub's webhooks have.</summary>
    public long Id { get; init; } = 1;

    /// <summary>Called when a job has ended and all its lines are written, on the runner's own flow.</summary>
    public Action<SimulatedJob>? OnJobFinished { get; set; }

    /// <summary>Called with what GitHub says of a job, when it says so, on the runner's own flow.</summary>
    public Action<WorkflowJobNews>? OnWorkflowJob { get; set; }

    /// <summary>
    /// Runs jobs until the runner is stopped, which it takes like SIGTERM: a running job fails, the listener writes its last lines.
    /// </summary>
    /// <param name="stop">Stops the runner.</param>
    /// <exception cref="IOException">The logs cannot be written.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        while (await LiveAsync(stop))
        {
            try
            {
                await Task.Delay(RestartAfter, _time, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                CancelAhead();
                return;
            }
        }
    }

    /// <summary>One life of the listener.</summary>
    /// <returns>True if it crashed and is to come back.</returns>
    private async Task<bool> LiveAsync(CancellationToken stop)
    {
        using var listener = new ListenerLog(_settings, _time, _options.RunnerName, Id, _options.Ephemeral, HashCode(_options.Seed, _lives++));
        _previousJob = null;
        while (_options.Jobs is not { } limit || _jobs < limit)
        {
            var (job, queued) = _ahead ?? (_nextJob(), null);
            _ahead = null;
            if (await WaitForAsync(job, queued, stop) is not { } news)
            {
                break;
            }

            if (_orders.Take(RunnerOrders.Fail))
            {
                job = job.Failing();
            }

            QueueAhead(job.Seed);

            // Process ids grow and stay apart for as long as anybody looks back.
            var workerPid = 1000 + (_jobs % 250 * 120);
            var run = new JobRun(job, listener, _settings, _time, _options.Speed, workerPid, _hooks);
            var end = await run.RunAsync(_previousJob, stop);
            _jobs++;
            SendEnd(news, end);
            if (end.ExitCode is not { } exitCode)
            {
                OnJobFinished?.Invoke(end.Job);
                return !_options.Ephemeral;
            }

            if (end.RunnerStopped)
            {
                listener.Exits(null);
            }
            else
            {
                listener.Online();
                if (_options.Ephemeral)
                {
                    ExitAfterOneJob(listener, job.JobId, exitCode);
                }
            }

            OnJobFinished?.Invoke(end.Job);
            if (end.RunnerStopped || _options.Ephemeral)
            {
                CancelAhead();
                return false;
            }

            _previousJob = job.JobId;
        }

        Stop(listener);
        return false;
    }

    /// <summary>Idles until a job comes: for some of that time it waits for the runner already, or since a job before it.</summary>
    /// <returns>What GitHub says of the job that runs now; null if the runner was stopped before.</returns>
    private async Task<WorkflowJobNews?> WaitForAsync(JobPlan job, WorkflowJobNews? queued, CancellationToken stop)
    {
        var idle = job.IdleBefore / _options.Speed;
        if (queued is null && OnWorkflowJob is not null)
        {
            var wait = idle * (0.1 + (0.9 * new Random(job.Seed).NextDouble()));
            if (!await IdleAsync(idle - wait, stop))
            {
                return null;
            }

            idle = wait;
            queued = NewsOf(job);
            OnWorkflowJob(queued);
        }

        if (!await IdleAsync(idle, stop) || _orders.Take(RunnerOrders.Drain))
        {
            Cancel(queued);
            return null;
        }

        var now = _time.GetUtcNow();
        var news = (queued ?? NewsOf(job)) with { RunnerName = _options.RunnerName, RunnerId = Id, StartedAt = now, Steps = [new WorkflowStep(WorkflowStep.SetUp, null, now, null)] };
        OnWorkflowJob?.Invoke(news);
        return news;
    }

    /// <summary>Every third job comes while the one before it still runs.</summary>
    private void QueueAhead(int seed)
    {
        if (OnWorkflowJob is not null && seed % 3 == 0 && !_options.Ephemeral && !(_jobs + 1 >= _options.Jobs))
        {
            var job = _nextJob();
            var news = NewsOf(job);
            _ahead = (job, news);
            OnWorkflowJob(news);
        }
    }

    private void CancelAhead()
    {
        Cancel(_ahead?.Queued);
        _ahead = null;
    }

    // Nobody is left to run it.
    private void Cancel(WorkflowJobNews? queued)
    {
        if (queued is not null)
        {
            OnWorkflowJob?.Invoke(queued with { CompletedAt = _time.GetUtcNow(), Conclusion = JobConclusion.Cancelled });
        }
    }

    private WorkflowJobNews NewsOf(JobPlan job) => new(
        job.WorkflowJobId, job.Repository, job.Workflow, job.DisplayName, job.RunId, job.RunAttempt, job.Sha, _options.RunnerType, _time.GetUtcNow());

    // Of a job that was lost GitHub says nothing until it has given up waiting.
    private void SendEnd(WorkflowJobNews news, JobEnd end)
    {
        if (end.Job.CompletedAt is { } at)
        {
            OnWorkflowJob?.Invoke(news with { CompletedAt = at < news.StartedAt ? news.StartedAt : at, Conclusion = end.Job.Conclusion, Steps = end.Steps });
        }
    }

    private async Task<bool> IdleAsync(TimeSpan duration, CancellationToken stop)
    {
        try
        {
            for (; _orders.IsOpen && !_orders.IsAsked && duration > RunnerOrders.LookEvery; duration -= RunnerOrders.LookEvery)
            {
                await Task.Delay(RunnerOrders.LookEvery, _time, stop);
            }

            await Task.Delay(_orders.IsAsked ? TimeSpan.Zero : duration, _time, stop);
            return !stop.IsCancellationRequested;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Stop(ListenerLog listener)
    {
        listener.StopsListening(busy: false);
        listener.DispatcherShutsDown(_previousJob);
        if (_previousJob is { } previous)
        {
            listener.JobProcessed(previous);
        }

        listener.Exits(null);
    }

    private static void ExitAfterOneJob(ListenerLog listener, Guid job, int exitCode)
    {
        listener.OneTimeDone();
        listener.DispatcherShutsDown(job);
        listener.JobProcessed(job);
        listener.Exits(exitCode);
    }

    // System.HashCode differs from process to process.
    private static int HashCode(int seed, int life) => unchecked((seed * 397) ^ life);
}
