using RunnerMetrics.Simulator.Load;
using RunnerMetrics.Simulator.Logs;

namespace RunnerMetrics.Simulator.Running;

/// <summary>Lets a job's time pass: renews the job once a minute, and notes when the runner is told to stop.</summary>
internal sealed class JobClock
{
    private static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(60);
    private readonly ListenerLog _listener;
    private readonly JobPlan _job;
    private readonly TimeProvider _time;
    private readonly CancellationToken _stop;
    private DateTimeOffset _renewAt;

    public JobClock(ListenerLog listener, JobPlan job, TimeProvider time, CancellationToken stop)
    {
        _listener = listener;
        _job = job;
        _time = time;
        _stop = stop;
        _renewAt = time.GetUtcNow() + RenewInterval;
    }

    /// <summary>The moment.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Whether the runner was told to stop while time passed.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Waits, unless the runner is told to stop; once it was, waits all the same: stopping takes its time.</summary>
    public Task PassAsync(TimeSpan duration) => PassAsync(duration, Stopped ? CancellationToken.None : _stop);

    /// <summary>Waits without cancellation: a runner that is stopped in the last moments of a job ends the job first.</summary>
    public Task PassUnstoppedAsync(TimeSpan duration) => PassAsync(duration, CancellationToken.None);

    private async Task PassAsync(TimeSpan duration, CancellationToken stop)
    {
        var until = Now + duration;
        try
        {
            while (Now < until)
            {
                var next = _renewAt < until ? _renewAt : until;
                await DelayAsync(next - Now, stop);
                if (Now >= _renewAt)
                {
                    _listener.JobRenewed(_job);
                    _renewAt += RenewInterval;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Stopped = true;
        }
    }

    // Timers count whole milliseconds: what is left below one would be waited for in a busy loop.
    private Task DelayAsync(TimeSpan duration, CancellationToken stop) =>
        Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(duration.TotalMilliseconds))), _time, stop);
}
