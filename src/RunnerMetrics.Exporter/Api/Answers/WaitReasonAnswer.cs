using System.ComponentModel;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>Why some jobs wait, which ask for the same labels.</summary>
internal sealed record WaitReasonAnswer
{
    [Description("The type of runner that their labels ask for; absent where no registered runner has these.")]
    public string? Type { get; init; }

    [Description("The labels that they ask for.")]
    public required IReadOnlyList<string> Labels { get; init; }

    [Description("no_matching_runner (no registered runner has these labels), all_busy, offline or unknown.")]
    public required string Reason { get; init; }

    [Description("How many jobs.")]
    public required int Jobs { get; init; }

    [Description("Since when the oldest of them waits.")]
    public required DateTimeOffset OldestAt { get; init; }
}
