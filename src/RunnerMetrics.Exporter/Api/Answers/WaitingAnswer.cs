using System.ComponentModel;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>How many jobs wait for runners of one type.</summary>
internal sealed record WaitingAnswer
{
    [Description("The type of runner that they ask for.")]
    public required string Type { get; init; }

    [Description("queued (for a runner) or waiting (for an approval or another job).")]
    public required string State { get; init; }

    [Description("How many.")]
    public required int Jobs { get; init; }

    [Description("Since when one of them waits longest.")]
    public required DateTimeOffset OldestAt { get; init; }
}
