namespace RunnerMetrics.Exporter.Configuration;

/// <summary>When jobs are asked for at GitHub's API.</summary>
public enum GitHubJobs
{
    /// <summary>Where no webhooks are taken.</summary>
    Auto,

    /// <summary>Always.</summary>
    On,

    /// <summary>Never.</summary>
    Off,
}
