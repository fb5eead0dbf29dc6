namespace RunnerMetrics.Domain.Fleet;

/// <summary>
/// The memory in bytes of each remembered item, with names of maximum length: measured by <c>FleetMemoryTests</c>, which fail if one takes more.
/// </summary>
internal static class FleetBytes
{
    /// <summary>A runner with series of its own, 16 types of caches included, beside their text.</summary>
    public const long Runner = 36_000;

    /// <summary>A runner without its series.</summary>
    public const long RunnerRecord = 2_600;

    /// <summary>One label set more in every family whose labels come from outside, beside their text.</summary>
    public const long LabelSet = 30_000;

    /// <summary>An event that has no sequence, or a job that ended.</summary>
    public const long Remembered = 48;

    /// <summary>A job of GitHub's, one of the agents' that GitHub may speak of, and an ephemeral runner that is gone.</summary>
    public const long WorkflowJob = 1_900;

    /// <summary>A job that waits for a runner.</summary>
    public const long QueuedJob = 1_200;

    /// <summary>A deployment and an incident.</summary>
    public const long Deployment = 1_000;

    /// <summary>A commit, and the deployments that wait for it.</summary>
    public const long Commit = 700;

    /// <summary>A sender that numbers its events.</summary>
    public const long Sender = 700;

    /// <summary>The program, with what is in progress in it: calls, snapshots, scrapes.</summary>
    public const long Program = 80L * 1024 * 1024;
}
