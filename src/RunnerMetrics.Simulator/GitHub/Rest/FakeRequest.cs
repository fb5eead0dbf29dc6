namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>A request that the simulated API answered.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">With its query.</param>
/// <param name="Status">The answer's status; 0 where there was none.</param>
public sealed record FakeRequest(string Method, string Path, int Status);
