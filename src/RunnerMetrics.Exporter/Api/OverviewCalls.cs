using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter.Api.Answers;
using RunnerMetrics.Exporter.Collector;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Store;
using RunnerMetrics.Exporter.Telemetry;
using RunnerMetrics.Exporter.Webhooks;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Exporter.Api;

/// <summary>Answers how the fleet is, and how the exporter is.</summary>
internal sealed class OverviewCalls(
    ApiCall call, FleetState fleet, CommitLoop commits, ExporterOptions options, MetricRegistry registry, CollectorMetrics collector, TimeProvider time, WebhookMetrics? webhooks = null)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <summary><c>GET /api/v1/summary</c>.</summary>
    public Task SummarizeAsync(HttpContext context) => call.AnswerAsync(context, ApiDescriptions.Summary, query =>
    {
        var since = query.Time(ApiParameters.Since);
        return async () => await context.SendAsync(await SummarizeAsync(since!.Value, context.RequestAborted), ApiJson.Default.SummaryAnswer);
    });

    /// <summary><c>GET /api/v1/health</c>.</summary>
    public Task TellHealthAsync(HttpContext context) =>
        call.AnswerAsync(context, ApiDescriptions.Health, _ => () => context.SendAsync(TellHealth(), ApiJson.Default.HealthAnswer));

    /// <summary>The fleet in numbers.</summary>
    /// <param name="since">From when on ended jobs and deployments count.</param>
    /// <param name="cancelled">Gives up.</param>
    public async Task<SummaryAnswer> SummarizeAsync(DateTimeOffset since, CancellationToken cancelled)
    {
        // To the second, so that an answer in which nothing changed is known by its ETag for as long.
        var whole = DateTimeOffset.FromUnixTimeSeconds(since.ToUnixTimeSeconds());
        var runners = fleet.Describe();
        var counts = commits.History is { } history ? await history.CountAsync(whole, cancelled) : null;
        return new SummaryAnswer
        {
            Runners = RunnerCountsAnswer.Of(runners),
            Types = [.. runners.GroupBy(runner => runner.Type).OrderBy(type => type.Key, StringComparer.Ordinal).Select(type => RunnerCountsAnswer.Of([.. type], type.Key))],
            Jobs = counts is null ? null : Count(counts, whole, runners.Where(runner => runner.HasAgent).Sum(runner => runner.OpenJobs - (runner.Job is null ? 0 : 1))),
            Deployments = counts?.Deployments.ToDictionary(state => DeploymentAnswer.WordOf(state.Key), state => state.Value),
            At = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds()),
        };
    }

    /// <summary>The exporter's own health.</summary>
    public HealthAnswer TellHealth()
    {
        var heard = fleet.Describe().Max(runner => runner.LastHeard);
        using (registry.Gate.Enter())
        {
            return new HealthAnswer
            {
                Version = BuildVersion.Text,
                StartedAt = _startedAt,
                Ready = commits.NotReady is null,
                Problem = commits.NotReady,
                Webhooks = webhooks is not null,
                GitHub = options.GitHub.IsOn,
                WebhookHeardAt = webhooks?.LastHeard,
                AgentHeardAt = heard,
                Rejected = [.. collector.Sources.SelectMany(source => source.Rejections.Select(rejected => new RejectionAnswer { Source = source.Source, Reason = rejected.Reason, Events = rejected.Count }))],
                Durable = options.DataDirectory is not null,
                JournalBytes = commits.BytesSinceSnapshot,
                HistoryDays = commits.History is null ? null : options.History?.TotalDays,
                Series = registry.LastSamples == 0 ? null : registry.LastSamples,
                DroppedSeries = (long)registry.DroppedSeries.Value,
                MaxRunners = options.Fleet.MaxRunners,
            };
        }
    }

    private static JobCountsAnswer Count(HistoryCounts counts, DateTimeOffset since, int unresolved)
    {
        var queued = counts.Open.Where(open => open.State == WorkflowJobState.Queued).ToArray();
        return new JobCountsAnswer
        {
            Running = Math.Max(0, counts.Open.Where(open => open.State == WorkflowJobState.InProgress).Sum(open => open.Count) - unresolved),
            Unresolved = unresolved,
            Queued = queued.Sum(open => open.Count),
            OldestQueuedAt = queued.Length == 0 ? null : queued.Min(open => open.OldestAt),
            Waiting = counts.Open.Where(open => open.State == WorkflowJobState.Waiting).Sum(open => open.Count),
            Since = since,
            Conclusions = counts.Conclusions.ToDictionary(conclusion => JobAnswer.WordOf(conclusion.Key)!, conclusion => conclusion.Value),
            Reasons = counts.Reasons.ToDictionary(reason => JobAnswer.WordOf(reason.Key)!, reason => reason.Value),
            Whole = counts.IsWhole,
        };
    }
}
