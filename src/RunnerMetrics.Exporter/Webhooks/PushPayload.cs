namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>What is used of a <c>push</c> payload; whatever else it holds is skipped.</summary>
internal sealed record PushPayload(IReadOnlyList<CommitPart?>? Commits, CommitPart? HeadCommit, RepositoryPart? Repository);
