using System.Globalization;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Exporter.Collector;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Exporter.Intake;
using RunnerMetrics.Exporter.Repositories;
using RunnerMetrics.Exporter.Webhooks;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>Takes jobs as the API gives them: read, filtered, made durable and folded in exactly as their webhooks are, each state of each job once.</summary>
internal sealed class PolledJobs(
    CommitLoop commits, WorkflowJobEvent reader, RepositoryFilter repositories, CollectorMetrics collector, MetricRegistry registry, TimeProvider time, ILogger<PolledJobs> logger)
{
    private const string Source = "api";

    private readonly EventCounts _counts = collector.CountEventsOf(Source, [RejectionReason.Malformed, RejectionReason.TooOld, RejectionReason.InFuture, RejectionReason.ExcludedRepository]);

    /// <summary>Takes a job's state.</summary>
    /// <param name="job">The job.</param>
    /// <param name="repository">Its repository.</param>
    /// <param name="enterpriseHost">The Enterprise Server's host, or empty.</param>
    /// <returns>Whether it need not be told again.</returns>
    /// <exception cref="StoreUnavailableException">It could not be kept.</exception>
    public async Task<bool> TakeAsync(WorkflowJobPayload.JobPart job, RepositoryItem repository, string enterpriseHost)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"api:{enterpriseHost}:{job.Id}:{job.Status}");
        var delivery = new WebhookDelivery(id, enterpriseHost, time.GetUtcNow());
        var reading = reader.Read(new WorkflowJobPayload(ActionOf(job.Status), job, new RepositoryPart(repository.FullName, repository.HtmlUrl)), delivery);
        if (reading.Refusal is { } reason)
        {
            GitHubLog.JobRefused(logger, repositories.NameOf(RepositoryName.Kept(repository.FullName!)), reading.Remark!);
            using (registry.Gate.Enter())
            {
                _counts.Reject(reason);
            }

            return true;
        }

        FleetEvent[] events = [.. reading.Events.Select(repositories.Hide).OfType<FleetEvent>()];
        if (events.Length == 0)
        {
            return true;
        }

        var results = await commits.SubmitAsync([.. events.Select(CommitItem.Of)]);
        switch (results[0].Outcome)
        {
            case ApplyOutcome.Deferred:
                Count(_counts.Deferred);
                return false;
            case ApplyOutcome.Duplicate:
                Count(_counts.Duplicate);
                return true;
        }

        Count(reading.IsUnsupported ? _counts.Unsupported : _counts.Accepted);
        return true;
    }

    // The API has no action: what its webhook would be follows from the state.
    private static string ActionOf(string? status) => status switch
    {
        "completed" => "completed",
        "in_progress" => "in_progress",
        _ => "queued",
    };

    private void Count(Counter counter)
    {
        using (registry.Gate.Enter())
        {
            counter.Increment();
        }
    }
}
