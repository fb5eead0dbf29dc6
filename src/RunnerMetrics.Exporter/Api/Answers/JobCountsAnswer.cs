using System.ComponentModel;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>The jobs in numbers.</summary>
internal sealed record JobCountsAnswer
{
    [Description("Jobs that run.")]
    public required int Running { get; init; }

    [Description("Jobs that began and do not run, and whose end nobody has told.")]
    public required int Unresolved { get; init; }

    [Description("Jobs that wait for a runner.")]
    public required int Queued { get; init; }

    [Description("Since when one of those waits longest; absent where none waits.")]
    public DateTimeOffset? OldestQueuedAt { get; init; }

    [Description("Jobs that wait for an approval or another job.")]
    public required int Waiting { get; init; }

    [Description("From when on the ended jobs count that follow.")]
    public required DateTimeOffset Since { get; init; }

    [Description("How the jobs of that time ended: success, failed, cancelled, lost.")]
    public required IReadOnlyDictionary<string, int> Conclusions { get; init; }

    [Description("Whose fault the failures among them were: job, setup, runner, unknown.")]
    public required IReadOnlyDictionary<string, int> Reasons { get; init; }

    [Description("Whether every number is whole; counting ends at 200,000.")]
    public required bool Whole { get; init; }
}
