using System.ComponentModel;
using RunnerMetrics.Domain.Fleet;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>How many runners are in each state.</summary>
internal sealed record RunnerCountsAnswer
{
    [Description("The type; absent where all are counted.")]
    public string? Type { get; init; }

    [Description("All of them.")]
    public required int Total { get; init; }

    [Description("Those that wait for a job.")]
    public required int Idle { get; init; }

    [Description("Those that run one.")]
    public required int Busy { get; init; }

    [Description("Those whose listener cannot reach GitHub.")]
    public required int Disconnected { get; init; }

    [Description("Those that stopped or are silent.")]
    public required int Offline { get; init; }

    [Description("Those that stopped because GitHub refuses their version.")]
    public required int Refused { get; init; }

    [Description("Those that only their jobs tell of.")]
    public required int Unknown { get; init; }

    public static RunnerCountsAnswer Of(IReadOnlyCollection<RunnerSummary> runners, string? type = null) => new()
    {
        Type = type,
        Total = runners.Count,
        Idle = runners.Count(runner => runner.State == "idle"),
        Busy = runners.Count(runner => runner.State == "busy"),
        Disconnected = runners.Count(runner => runner.State == "disconnected"),
        Offline = runners.Count(runner => runner.State == "offline"),
        Refused = runners.Count(runner => runner.State == "refused"),
        Unknown = runners.Count(runner => runner.State == "unknown"),
    };
}
