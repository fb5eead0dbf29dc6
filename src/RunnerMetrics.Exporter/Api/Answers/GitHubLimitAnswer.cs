using System.ComponentModel;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>The rate limit of one credential, as of the last answer to it.</summary>
internal sealed record GitHubLimitAnswer
{
    [Description("app (what the App asks as itself), installation or token.")]
    public required string Credential { get; init; }

    [Description("Requests that an hour has.")]
    public required int Limit { get; init; }

    [Description("How many are left, whoever used the others.")]
    public int? Remaining { get; init; }

    [Description("How many the exporter has used.")]
    public required int Used { get; init; }

    [Description("How many the exporter may use (--github-rate-share).")]
    public required int Share { get; init; }

    [Description("When the hour ends.")]
    public required DateTimeOffset ResetsAt { get; init; }

    [Description("Until when GitHub wants no more requests; absent where it takes them.")]
    public DateTimeOffset? PausedUntil { get; init; }
}
