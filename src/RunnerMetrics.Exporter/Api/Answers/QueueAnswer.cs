using System.ComponentModel;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>A page of jobs that wait, and how many wait in all.</summary>
internal sealed record QueueAnswer
{
    [Description("The jobs, the one that waits longest first.")]
    public required IReadOnlyList<JobAnswer> Items { get; init; }

    [Description("What after is to be for the next page; absent where nothing is left.")]
    public string? Next { get; init; }

    [Description("How many jobs wait in all, whatever the query asks for, by the type of runner that they ask for.")]
    public required IReadOnlyList<WaitingAnswer> Waiting { get; init; }
}
