using System.ComponentModel;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>Something that GitHub's API is asked for.</summary>
internal sealed record GitHubFeatureAnswer
{
    [Description("deliveries, runners, versions or jobs.")]
    public required string Feature { get; init; }

    [Description("Whether its last round came to its end; absent before one did or failed.")]
    public bool? Works { get; init; }

    [Description("Why it did not, and what would be right.")]
    public string? Problem { get; init; }

    [Description("Since when its rounds go so.")]
    public DateTimeOffset? Since { get; init; }

    [Description("When a round last came to its end.")]
    public DateTimeOffset? LastSuccessAt { get; init; }
}
