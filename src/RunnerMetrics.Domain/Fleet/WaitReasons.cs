using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>Why jobs wait, and for how long the oldest of them does: as far as GitHub's list of runners says, else as far as the agents of a type do.</summary>
internal sealed class WaitReasons(FleetFamilies families, int maxTypes)
{
    /// <summary>No registered runner has the labels that the job asks for.</summary>
    private const string NoMatchingRunner = "no_matching_runner";

    private const string AllBusy = "all_busy", Offline = "offline", Unknown = "unknown";

    private readonly SortedDictionary<(string Type, string Reason), Gauge> _gauges = [];

    /// <summary>What waits, with its reason: what asks for the same labels together.</summary>
    public static IEnumerable<WaitingJobs> Explain(IEnumerable<QueuedJob> waiting, RegisteredRunners registered, IReadOnlyCollection<RunnerRecord> runners) => waiting
        .Where(job => job.CreatedAt is not null).GroupBy(job => (job.RunnerType, job.Labels, job.Server, job.Repository))
        .Select(jobs => (Jobs: jobs, Reason: ReasonOf(jobs.First(), registered, runners)))
        .Select(told => new WaitingJobs(
            told.Reason == NoMatchingRunner ? "" : told.Jobs.Key.RunnerType, told.Jobs.Key.Labels.Split('\n', StringSplitOptions.RemoveEmptyEntries), told.Reason, told.Jobs.Count(),
            told.Jobs.Min(job => job.CreatedAt!.Value)));

    /// <summary>Shows the oldest wait of each reason; one that is no reason any more has no sample.</summary>
    public void Show(IEnumerable<WaitingJobs> waiting, DateTimeOffset now)
    {
        var oldest = waiting.GroupBy(jobs => (Type: jobs.RunnerType, jobs.Reason))
            .ToDictionary(jobs => jobs.Key, jobs => Math.Max(0, (now - jobs.Min(job => job.Oldest)).TotalSeconds));
        if (oldest.Keys.Any(key => !_gauges.ContainsKey(key)))
        {
            Remake(oldest.Keys);
        }

        foreach (var (key, gauge) in _gauges)
        {
            gauge.Set(oldest.TryGetValue(key, out var seconds) ? seconds : null);
        }
    }

    // In one order, whichever came first: the same state has the same text after a restart.
    private void Remake(IEnumerable<(string Type, string Reason)> wanted)
    {
        var keys = wanted.Union(_gauges.Keys).Order().ToArray();
        foreach (var gauge in _gauges.Values)
        {
            families.OldestWait.Remove(gauge);
        }

        _gauges.Clear();
        var types = keys.Select(key => key.Type).Distinct().Take(maxTypes).ToHashSet(StringComparer.Ordinal);
        foreach (var (type, reason) in keys.Where(key => types.Contains(key.Type)))
        {
            _gauges[(type, reason)] = families.OldestWait.AddGauge(type.Length == 0 ? Labels.Of(("reason", reason)) : Labels.Of(("runner_type", type), ("reason", reason)));
        }
    }

    private static string ReasonOf(QueuedJob job, RegisteredRunners registered, IReadOnlyCollection<RunnerRecord> runners)
    {
        if (registered.For(GitHubServer.HostOf(job.Server), RepositoryName.Kept(job.Repository)) is { } listed)
        {
            var asked = job.Labels.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var fitting = listed.Where(runner => asked.All(label => runner.Labels.Contains(label, StringComparer.OrdinalIgnoreCase))).ToArray();
            return fitting.Length == 0 ? NoMatchingRunner : ReasonOf(fitting.Any(runner => runner.IsOnline), fitting.Any(runner => runner is { IsOnline: true, IsBusy: false }));
        }

        var agents = runners.Where(runner => runner is { HasAgent: true, IsLivenessKnown: true } && runner.Identity.Type == job.RunnerType).ToArray();
        return agents.Length == 0 ? Unknown
            : ReasonOf(agents.Any(IsReachable), agents.Any(runner => IsReachable(runner) && !runner.IsBusy));
    }

    // One that is there and idle will take it, or may not: its group does not let the repository in, for example.
    private static string ReasonOf(bool anyOnline, bool anyIdle) => anyIdle ? Unknown : anyOnline ? AllBusy : Offline;

    private static bool IsReachable(RunnerRecord runner) => runner.IsOnline && (runner.IsBusy || runner.State != RunnerState.Disconnected);
}
