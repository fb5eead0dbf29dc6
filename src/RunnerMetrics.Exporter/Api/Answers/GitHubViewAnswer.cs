using System.ComponentModel;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>What GitHub's API tells, and how asking it goes. What is not known is absent.</summary>
internal sealed record GitHubViewAnswer
{
    [Description("The server that is asked.")]
    public required string Server { get; init; }

    [Description("As whom: app (a GitHub App) or token (a personal access token).")]
    public required string Credential { get; init; }

    [Description("What is asked for, and how that goes.")]
    public required IReadOnlyList<GitHubFeatureAnswer> Features { get; init; }

    [Description("The limits of each credential that GitHub has told of.")]
    public required IReadOnlyList<GitHubLimitAnswer> Limits { get; init; }

    [Description("How many runners are registered, by scope; absent where runners are not asked for. A scope that was not listed in the last 10 minutes is not there.")]
    public IReadOnlyList<RegisteredRunnersAnswer>? Registered { get; init; }

    [Description("Runners that GitHub and their agents have seen differently for 5 minutes and longer; absent where no scope is known.")]
    public IReadOnlyList<UnmatchedRunnerAnswer>? Unmatched { get; init; }

    [Description("Why jobs wait, the longest wait first; absent where nobody tells of jobs that wait.")]
    public IReadOnlyList<WaitReasonAnswer>? Waiting { get; init; }

    [Description("Webhooks that the exporter missed, since it started; absent where they are not asked for, and before they were.")]
    public MissedWebhooksAnswer? Deliveries { get; init; }

    [Description("How jobs are asked for; absent where they are not, and before the first round ended.")]
    public JobPollingAnswer? Polling { get; init; }
}
