namespace RunnerMetrics.Simulator.Scenario;

/// <summary>A runner of the local fleet.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">standard, chrome or chrome-go.</param>
/// <param name="Seed">Which sequence of jobs it gets.</param>
public sealed record LocalRunner(string Name, string Type, int Seed);
