namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>Which GitHub is simulated.</summary>
public sealed record FakeGitHubOptions
{
    /// <summary>The organisation that the App is installed in.</summary>
    public string Organization { get; init; } = "acme";

    /// <summary>Whose addresses stand in what it says: the server that runners and jobs are of, not where the simulated API listens.</summary>
    public string ServerUrl { get; init; } = "https://github.com";

    /// <summary>The loopback port of its API; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>Requests an hour that one installation, App or token has (docs.github.com, "Rate limits for the REST API").</summary>
    public int RateLimit { get; init; } = 5_000;

    /// <summary>Points a minute before a secondary limit answers: 1 for a GET, 5 for a POST.</summary>
    public int PointsPerMinute { get; init; } = 900;

    /// <summary>For how long deliveries can be seen and sent again: 3 days at github.com, 7 on an Enterprise Server.</summary>
    public TimeSpan DeliveriesKept { get; init; } = TimeSpan.FromDays(3);

    /// <summary>How long a webhook's receiver has to answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}
