namespace RunnerMetrics.Simulator.Scenario;

/// <summary>The fleet of one machine, which the demo and the local stack both start: three runners, one of each type, of one organization that reports its incidents.</summary>
public static class LocalFleet
{
    /// <summary>Repositories whose incidents and reworks are reported: the pattern that the exporter is given.</summary>
    public const string IncidentRepositories = "acme/*";

    /// <summary>The runners.</summary>
    public static IReadOnlyList<LocalRunner> Runners { get; } = [new("standard-1", "standard", 1), new("chrome-1", "chrome", 2), new("chrome-go-1", "chrome-go", 3)];
}
