using System.IO.Enumeration;

namespace RunnerMetrics.Core.Runners;

/// <summary>The limits that the state of a fleet obeys.</summary>
public sealed record FleetOptions
{
    // One list, so that options with the same values are equal.
    private static readonly string[] Production = ["production"];

    /// <summary>How long a runner may be silent before it is offline.</summary>
    public TimeSpan OfflineAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a job may be silent before it counts as lost; longer than an agent keeps events.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromHours(48);

    /// <summary>How long the series of a runner that is gone are kept.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How many runners may have series of their own.</summary>
    public int MaxRunners { get; init; } = 10_000;

    /// <summary>How many values a label that comes from outside may have.</summary>
    public int MaxLabelSets { get; init; } = 1_000;

    /// <summary>How old an event may be: an older one is refused, so that what is remembered of events is bounded.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromDays(35);

    /// <summary>How many events, and how many ended jobs, are remembered at the most.</summary>
    public int MaxRemembered { get; init; } = 4_000_000;

    /// <summary>How many jobs of GitHub's, and how many of the agents' that GitHub may still speak of, are remembered at the most.</summary>
    public int MaxWorkflowJobs { get; init; } = 100_000;

    /// <summary>For how long a job that nobody took is believed to wait: GitHub cancels it after 24 hours.</summary>
    public TimeSpan QueuedFor { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The repositories that are counted by workflow: <c>owner/name</c> or <c>owner/*</c>; all where it is empty.</summary>
    public IReadOnlyList<string> WorkflowRepositories { get; init; } = [];

    /// <summary>The environments whose deployments and incidents count, <c>*</c> and <c>?</c> in them.</summary>
    public IReadOnlyList<string> DeploymentEnvironments { get; init; } = Production;

    /// <summary>
    /// The repositories whose incidents and reworks are reported: <c>owner/name</c> or <c>owner/*</c>. Their failures show 0 before the first one; those of
    /// others are absent till then.
    /// </summary>
    public IReadOnlyList<string> IncidentRepositories { get; init; } = [];

    /// <summary>How many deployments, and how many incidents, are remembered at the most.</summary>
    public int MaxDeployments { get; init; } = 50_000;

    /// <summary>How many commits are remembered at the most.</summary>
    public int MaxCommits { get; init; } = 50_000;

    /// <summary>How many senders' marks are remembered at the most.</summary>
    public int MaxSenders { get; init; } = 100_000;

    /// <summary>Whether deployments to an environment count. Case does not matter.</summary>
    public bool CountsEnvironment(string environment) =>
        DeploymentEnvironments.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, environment, ignoreCase: true));

    /// <summary>Whether a repository is one of those whose incidents are said to be reported.</summary>
    internal bool ReportsIncidents(string repository) => Names(IncidentRepositories, repository);

    /// <summary>Whether a repository is one of those that are counted by workflow.</summary>
    internal bool CountsWorkflowsOf(string repository) => WorkflowRepositories.Count == 0 || Names(WorkflowRepositories, repository);

    private static bool Names(IReadOnlyList<string> repositories, string repository)
    {
        if (repositories.Count == 0)
        {
            return false;
        }

        var all = repository[..(repository.IndexOf('/', StringComparison.Ordinal) + 1)] + "*";
        return repositories.Any(asked => asked.Equals(repository, StringComparison.OrdinalIgnoreCase) || asked.Equals(all, StringComparison.OrdinalIgnoreCase));
    }
}
