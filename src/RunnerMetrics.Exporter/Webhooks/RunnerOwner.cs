namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>Whose runner a job is for, or ran on, as far as its webhook says.</summary>
internal enum RunnerOwner
{
    /// <summary>One of this fleet's.</summary>
    Ours,

    /// <summary>One of GitHub's own.</summary>
    GitHubs,

    /// <summary>
    /// Its labels say neither: a runner group's job has none at all, and those of a scale set look like those of GitHub's larger runners. It is counted; its
    /// runner has no name of its own, because both kinds make a runner a job.
    /// </summary>
    Unsure,
}
