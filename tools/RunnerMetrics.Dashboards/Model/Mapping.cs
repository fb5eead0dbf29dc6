namespace RunnerMetrics.Dashboards.Model;

/// <summary>What is shown in place of a value.</summary>
/// <param name="Value">The value, as text.</param>
/// <param name="Text">The word in its place.</param>
/// <param name="Color">One of Grafana's named colours.</param>
internal sealed record Mapping(string Value, string Text, string Color);
