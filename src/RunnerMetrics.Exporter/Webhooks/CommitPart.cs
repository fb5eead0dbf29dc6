namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>What is used of a commit in a payload. Its time has an offset: <c>2019-05-15T15:20:41+02:00</c>.</summary>
internal sealed record CommitPart(string? Id, DateTimeOffset? Timestamp);
