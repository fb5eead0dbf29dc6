namespace RunnerMetrics.Exporter.GitHub;

/// <summary>What is known of a repository's runs since the exporter began to ask for them.</summary>
internal sealed class RepositoryLook
{
    /// <summary>Up to when its runs were listed, by GitHub's clock; null before the first time.</summary>
    public DateTimeOffset? LookedAtUntil { get; set; }

    /// <summary>The runs that may have news.</summary>
    public Dictionary<long, RunLook> Runs { get; } = [];

    /// <summary>Whether something is going on that has to be followed.</summary>
    public bool HasOpenRuns => Runs.Values.Any(run => !run.IsSettled);

    /// <summary>Forgets runs that are over and will not be listed again.</summary>
    public void Prune(DateTimeOffset listedSince)
    {
        foreach (var old in Runs.Where(run => run.Value.IsSettled && run.Value.CreatedAt < listedSince).Select(run => run.Key).ToArray())
        {
            Runs.Remove(old);
        }
    }
}
