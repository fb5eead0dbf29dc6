namespace RunnerMetrics.Core.Runners;

/// <summary>What tells one runner's series from another's.</summary>
internal readonly record struct RunnerKey(string Name, string Type);
