namespace RunnerMetrics.Exporter.Forgetting;

/// <summary>What became of a request to forget a runner.</summary>
/// <param name="Status">The status of HTTP.</param>
/// <param name="Text">A sentence or two for people.</param>
internal readonly record struct ForgetAnswer(int Status, string Text);
