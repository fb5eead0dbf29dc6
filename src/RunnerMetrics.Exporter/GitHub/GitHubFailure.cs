namespace RunnerMetrics.Exporter.GitHub;

/// <summary>Why GitHub did not give what it was asked for.</summary>
/// <param name="Kind">In a word.</param>
/// <param name="Text">What is wrong and what would be right, in one line, without any secret.</param>
internal sealed record GitHubFailure(GitHubFailureKind Kind, string Text)
{
    /// <summary>When it makes sense to ask again; null where nobody said.</summary>
    public DateTimeOffset? RetryAt { get; init; }
}
