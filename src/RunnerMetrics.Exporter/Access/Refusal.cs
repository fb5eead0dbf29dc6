namespace RunnerMetrics.Exporter.Access;

/// <summary>Why a request is not let in.</summary>
/// <param name="Status">The status of HTTP.</param>
/// <param name="Text">What would be right, for people.</param>
internal readonly record struct Refusal(int Status, string Text);
