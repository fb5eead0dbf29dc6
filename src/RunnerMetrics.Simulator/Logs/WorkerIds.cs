using System.Globalization;
using RunnerMetrics.Simulator.Load;

namespace RunnerMetrics.Simulator.Logs;

/// <summary>The ids of one worker's run, the same for the same seed.</summary>
internal sealed class WorkerIds
{
    private readonly Random _random;

    public WorkerIds(JobPlan job)
    {
        _random = new Random(job.Seed);
        Timeline = Next();
        SetUpStep = Next();
        StartedHookStep = Next();
        CompletedHookStep = Next();
        CompleteStep = Next();
        Steps = [.. job.Steps.Select(_ => Next())];
        ProcessCount = (80 + _random.Next(40)).ToString(CultureInfo.InvariantCulture);
    }

    public string Timeline { get; }

    public string SetUpStep { get; }

    public string StartedHookStep { get; }

    public string CompletedHookStep { get; }

    public string CompleteStep { get; }

    public IReadOnlyList<string> Steps { get; }

    public string ProcessCount { get; }

    /// <summary>One more id.</summary>
    public string Next() => SeededGuid.Next(_random);
}
