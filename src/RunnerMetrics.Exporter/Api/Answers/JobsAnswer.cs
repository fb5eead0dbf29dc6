using System.ComponentModel;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>A page of jobs.</summary>
internal sealed record JobsAnswer
{
    [Description("The jobs.")]
    public required IReadOnlyList<JobAnswer> Items { get; init; }

    [Description("What after is to be for the next page; absent where nothing is left. A page without items may have it: what few jobs fit is looked for a part at a time.")]
    public string? Next { get; init; }
}
