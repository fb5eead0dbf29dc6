namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>A span as it came.</summary>
/// <param name="Trace">Its trace's id.</param>
/// <param name="Parent">The id of the span above it; empty: none.</param>
/// <param name="Name">Its name.</param>
internal sealed record ReceivedSpan(string Trace, string Parent, string Name);
