using System.ComponentModel;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>A page of runners.</summary>
internal sealed record RunnersAnswer
{
    [Description("The runners.")]
    public required IReadOnlyList<RunnerAnswer> Items { get; init; }

    [Description("What after is to be for the next page; absent where nothing is left.")]
    public string? Next { get; init; }

    [Description("How many runners fit the query.")]
    public required int Total { get; init; }
}
