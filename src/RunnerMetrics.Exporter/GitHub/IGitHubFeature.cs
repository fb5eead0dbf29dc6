namespace RunnerMetrics.Exporter.GitHub;

/// <summary>Something that is asked of GitHub again and again. Add one by registering it; each has a loop of its own, so that none waits for another.</summary>
internal interface IGitHubFeature
{
    /// <summary>Its name in metrics and logs.</summary>
    string Name { get; }

    /// <summary>How long after one round the next one begins.</summary>
    TimeSpan Every { get; }

    /// <summary>One round.</summary>
    /// <returns>Why it did not come to its end, or null.</returns>
    Task<GitHubFailure?> RunAsync(CancellationToken stop);
}
