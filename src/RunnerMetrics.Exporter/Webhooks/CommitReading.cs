using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>Reads commits and their times, from any payload.</summary>
internal static class CommitReading
{
    /// <summary>GitHub puts at most 2048 commits into a push.</summary>
    private const int MaxCommits = 2048;

    public static WebhookReading Of(IEnumerable<CommitPart?> parts, RepositoryPart? repository, WebhookDelivery delivery)
    {
        if (!RepositoryName.TryParse(repository?.FullName ?? "", out var name, out var problem))
        {
            return WebhookReading.Rejected($"repository.full_name {problem}");
        }

        Commit[] commits = [.. parts.Select(part => CommitOf(part, delivery)).OfType<Commit>().DistinctBy(commit => commit.Sha).Take(MaxCommits)];
        return commits.Length == 0 ? WebhookReading.Ignored("it names no commit with a time")
            : WebhookReading.Of(new CommitsSeen(delivery.EventId, delivery.ReceivedAt, PayloadText.ServerOf(repository!, delivery), name, commits));
    }

    private static Commit? CommitOf(CommitPart? part, WebhookDelivery delivery) =>
        CommitSha.TryParse(part?.Id ?? "", out var sha, out _) && PayloadText.Known(part!.Timestamp) is { } at && at - delivery.ReceivedAt <= PayloadText.MostAhead ? new Commit(sha, at) : null;
}
