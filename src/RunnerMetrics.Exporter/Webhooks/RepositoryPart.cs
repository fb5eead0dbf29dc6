namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>What is used of a payload's <c>repository</c>.</summary>
internal sealed record RepositoryPart(string? FullName, string? HtmlUrl);
