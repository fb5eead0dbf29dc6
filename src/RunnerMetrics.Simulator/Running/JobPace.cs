using RunnerMetrics.Simulator.Load;

namespace RunnerMetrics.Simulator.Running;

/// <summary>How long a job's parts really take at a speed.</summary>
internal sealed class JobPace
{
    /// <summary>What a worker takes to start; a faster load does not make it faster.</summary>
    public static readonly TimeSpan WorkerStart = TimeSpan.FromSeconds(1);

    /// <summary>What it takes to send its last logs.</summary>
    public static readonly TimeSpan WorkerEnd = TimeSpan.FromSeconds(0.5);

    private readonly double _factor;

    public JobPace(JobPlan job, double speed)
    {
        var total = job.Duration / speed;
        var work = total - WorkerStart - WorkerEnd;
        _factor = work > TimeSpan.Zero ? work / job.Duration : 0;
    }

    /// <summary>The real length of a part of the job, so that all parts and the runner's own time make up the whole.</summary>
    public TimeSpan Of(TimeSpan planned) => planned * _factor;
}
