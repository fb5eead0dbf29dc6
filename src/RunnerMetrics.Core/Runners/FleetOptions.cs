namespace RunnerMetrics.Core.Runners;

/// <summary>The limits that the state of a fleet obeys.</summary>
public sealed record FleetOptions
{
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

    /// <summary>How many senders' marks are remembered at the most.</summary>
    public int MaxSenders { get; init; } = 100_000;
}
