using System.IO.Enumeration;
using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>The limits that the state of a fleet obeys.</summary>
public sealed record FleetOptions
{
    // One list, so that options with the same values are equal.
    private static readonly string[] Production = ["production"];

    /// <summary>Time without a heartbeat after which a runner is offline.</summary>
    public TimeSpan OfflineAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time without news after which a job counts as lost; longer than an agent keeps events.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromHours(48);

    /// <summary>How long the series of an offline runner are kept.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Maximum of runners with their own series.</summary>
    public int MaxRunners { get; init; } = 10_000;

    /// <summary>How many runners are remembered at most, those that are counted together included: events of a further one are deferred.</summary>
    public int MaxRunnerRecords { get; init; } = 30_000;

    /// <summary>How many jobs of one runner may have started and not ended: the start of a further one is deferred. A runner runs one at a time.</summary>
    public int MaxOpenJobsPerRunner { get; init; } = 100;

    /// <summary>How many bytes the descriptions of all jobs that started and did not end may take: the start of a further one is deferred.</summary>
    public long MaxOpenJobBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How many values a label that comes from outside may have.</summary>
    public int MaxLabelSets { get; init; } = 1_000;

    /// <summary>How many bytes the text of all series may have: a label set that is new past it counts under <c>other</c>, so that long names fill no memory.</summary>
    public long MaxTextBytes { get; init; } = 160 * 1024 * 1024;

    /// <summary>Maximum age of an event: an older one is rejected, so that the memory of events is bounded.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromDays(35);

    /// <summary>How many events, and how many ended jobs, are remembered at most.</summary>
    public int MaxRemembered { get; init; } = 4_000_000;

    /// <summary>How many jobs of GitHub's, and how many of the agents' that GitHub may still speak of, are remembered at most.</summary>
    public int MaxWorkflowJobs { get; init; } = 100_000;

    /// <summary>How long a job that no runner takes counts as waiting: GitHub cancels it after 24 hours.</summary>
    public TimeSpan QueuedFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The repositories that are counted by workflow: <c>owner/name</c> or <c>owner/*</c>; all if it is empty.</summary>
    public IReadOnlyList<string> WorkflowRepositories { get; init; } = [];

    /// <summary>The environments whose deployments and incidents count, <c>*</c> and <c>?</c> in them.</summary>
    public IReadOnlyList<string> DeploymentEnvironments { get; init; } = Production;

    /// <summary>
    /// The repositories whose incidents and reworks are reported: <c>owner/name</c> or <c>owner/*</c>. Their failures show 0 before the first one; those of
    /// others are absent till then.
    /// </summary>
    public IReadOnlyList<string> IncidentRepositories { get; init; } = [];

    /// <summary>Whether the traces of runs are sent: GitHub's jobs are kept with their steps then, and exemplars name their trace.</summary>
    public bool TracesRuns { get; init; }

    /// <summary>How many deployments, and how many incidents, are remembered at most.</summary>
    public int MaxDeployments { get; init; } = 50_000;

    /// <summary>How many commits are remembered at most.</summary>
    public int MaxCommits { get; init; } = 50_000;

    /// <summary>How many senders' marks are remembered at most.</summary>
    public int MaxSenders { get; init; } = 100_000;

    /// <summary>How many jobs are remembered at most that wait for a runner; the one that has waited longest is evicted.</summary>
    public int MaxQueuedJobs { get; init; } = 20_000;

    /// <summary>About how many bytes all of this takes, with every limit reached at once and names of maximum length, during a scrape.</summary>
    public long MostBytes =>
        (MaxRunners * FleetBytes.Runner) + (MaxRunnerRecords * FleetBytes.RunnerRecord) + MaxOpenJobBytes + MaxTextBytes + (MaxLabelSets * FleetBytes.LabelSet)
        + (MaxRemembered * FleetBytes.Remembered) + (MaxWorkflowJobs * FleetBytes.WorkflowJob) + (MaxQueuedJobs * FleetBytes.QueuedJob)
        + (MaxDeployments * FleetBytes.Deployment) + (MaxCommits * FleetBytes.Commit) + (MaxSenders * FleetBytes.Sender);

    /// <summary>The same limits, lowered by one factor if they do not fit into the memory that a process may use.</summary>
    /// <param name="memory">Bytes (<see cref="GCMemoryInfo.TotalAvailableMemoryBytes"/>: the heap's limit, 75 % of a container's, or the machine's).</param>
    public FleetOptions FitTo(long memory)
    {
        var share = Math.Max(memory - FleetBytes.Program, memory / 4) / (double)MostBytes;
        return share >= 1 ? this : this with
        {
            MaxRunners = Share(MaxRunners),
            MaxRunnerRecords = Share(MaxRunnerRecords),
            MaxOpenJobBytes = (long)(MaxOpenJobBytes * share),
            MaxTextBytes = (long)(MaxTextBytes * share),
            MaxLabelSets = Share(MaxLabelSets),
            MaxRemembered = Share(MaxRemembered),
            MaxWorkflowJobs = Share(MaxWorkflowJobs),
            MaxQueuedJobs = Share(MaxQueuedJobs),
            MaxDeployments = Share(MaxDeployments),
            MaxCommits = Share(MaxCommits),
            MaxSenders = Share(MaxSenders),
        };

        int Share(int limit) => Math.Max(1, (int)(limit * share));
    }

    /// <summary>Whether deployments to an environment count. Case does not matter.</summary>
    public bool CountsEnvironment(EnvironmentName environment) =>
        DeploymentEnvironments.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, environment, ignoreCase: true));

    /// <summary>Whether a repository's incidents are configured as reported.</summary>
    internal bool ReportsIncidents(RepositoryName repository) => Names(IncidentRepositories, repository);

    /// <summary>Whether a repository is one of those that are counted by workflow.</summary>
    internal bool CountsWorkflowsOf(RepositoryName repository) => WorkflowRepositories.Count == 0 || Names(WorkflowRepositories, repository);

    private static bool Names(IReadOnlyList<string> repositories, RepositoryName repository)
    {
        if (repositories.Count == 0)
        {
            return false;
        }

        var all = $"{repository.Owner}/*";
        return repositories.Any(asked => asked.Equals(repository.ToString(), StringComparison.OrdinalIgnoreCase) || asked.Equals(all, StringComparison.OrdinalIgnoreCase));
    }
}
