using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Exporter.Intake;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>Reads commits and their times, from any payload.</summary>
internal static class CommitReading
{
    /// <summary>GitHub puts at most 2048 commits into a push.</summary>
    private const int MaxCommits = 2048;

    public static WebhookReading Of(IEnumerable<CommitPart?> parts, RepositoryPart? repository, WebhookDelivery delivery)
    {
        if (EventReader.RepositoryProblem("repository.full_name", repository?.FullName ?? "") is { } problem)
        {
            return WebhookReading.Rejected(problem);
        }

        Commit[] commits =
        [
            .. parts.OfType<CommitPart>()
                .Where(part => part.Id is { } id && EventReader.IsSha(id) && PayloadText.Known(part.Timestamp) is { } at && at - delivery.ReceivedAt <= PayloadText.MostAhead)
                .Select(part => new Commit(part.Id!, PayloadText.Known(part.Timestamp)!.Value))
                .DistinctBy(commit => commit.Sha).Take(MaxCommits),
        ];
        return commits.Length == 0 ? WebhookReading.Ignored("it names no commit with a time")
            : WebhookReading.Of(new CommitsSeen(delivery.EventId, delivery.ReceivedAt, PayloadText.ServerOf(repository!, delivery), repository!.FullName!, commits));
    }
}
