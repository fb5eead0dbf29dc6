using System.Globalization;
using RunnerMetrics.Core.Events;
using RunnerMetrics.Core.Metrics;

namespace RunnerMetrics.Core.Runners;

/// <summary>
/// Decides what depends on time: which runner has gone silent, which job is given up, whose series are dropped. Its verdicts are events,
/// so that the fold needs no clock.
/// </summary>
/// <param name="fleet">Who is watched.</param>
/// <param name="registry">The registry whose gate guards the fleet.</param>
/// <param name="options">The time-outs.</param>
/// <param name="readySince">Since when the exporter has been able to hear anybody: nobody is judged before one time-out has passed since then.</param>
public sealed class FleetWatch(Fleet fleet, MetricRegistry registry, FleetOptions options, DateTimeOffset readySince)
{
    /// <summary>How long agents have, once the exporter is ready, to tell how jobs ended while it was away: longer than they wait between tries.</summary>
    private static readonly TimeSpan TimeToTell = TimeSpan.FromMinutes(10);

    /// <summary>How long the agent of a runner has to say whose fault a failure was that GitHub told of.</summary>
    private static readonly TimeSpan TimeToExplain = TimeSpan.FromMinutes(1);

    /// <summary>The verdicts that are due; the caller makes them durable and applies them.</summary>
    public IReadOnlyList<FleetEvent> Judge(DateTimeOffset now)
    {
        if (now - readySince <= options.OfflineAfter)
        {
            return [];
        }

        List<FleetEvent> verdicts = [];
        lock (registry.Gate)
        {
            foreach (var runner in fleet.Runners)
            {
                Judge(runner, now, verdicts);
            }

            foreach (var job in fleet.QueuedSinceBefore(now - options.QueuedFor))
            {
                var key = job.ToString("x32", CultureInfo.InvariantCulture);
                verdicts.Add(new QueuedJobExpired(string.Create(CultureInfo.InvariantCulture, $"expired:{now.UtcTicks}:{key}"), now, key));
            }
        }

        return verdicts;
    }

    private void Judge(RunnerRecord runner, DateTimeOffset now, List<FleetEvent> verdicts)
    {
        var (scope, name, type) = RunnerKey.Of(runner.Identity);
        if (runner.IsOnline && now - runner.LastHeard > options.OfflineAfter)
        {
            verdicts.Add(new RunnerSilent(Id("silent", runner.LastHeard!.Value, runner), now, name, type) { RunnerScope = scope });
        }

        // The last sign of a job is its start; of the one that its runner ran last, the runner's own last sign where that was later.
        foreach (var job in runner.OpenJobs)
        {
            var lastSign = job == runner.LatestJob && runner.LastHeard > job.StartedAt ? runner.LastHeard.Value : job.StartedAt;
            if (now - lastSign > options.LostAfter && now - readySince > (TimeToTell < options.LostAfter ? TimeToTell : options.LostAfter))
            {
                verdicts.Add(new JobGivenUp($"given-up:{job.Job.Key}:{scope}", now, name, type, job.Job.Key) { RunnerScope = scope });
            }
        }

        foreach (var reason in runner.OpenReasons)
        {
            if (now - (reason.Since > readySince ? reason.Since : readySince) > TimeToExplain)
            {
                var key = reason.Key.ToString("x32", CultureInfo.InvariantCulture);
                verdicts.Add(new FailureUnexplained($"unexplained:{key}:{scope}", now, name, type, key) { RunnerScope = scope });
            }
        }

        // An ephemeral runner has no series of its own to keep: only its place among the offline ones.
        var keep = runner.Identity.Ephemeral ? options.OfflineAfter * 2 : options.Retention;
        if (runner is { IsOnline: false, OpenJobs.Count: 0 } && now - LastSignOf(runner) > keep)
        {
            verdicts.Add(RunnerForgotten.Of(scope, type, name, now));
        }
    }

    // Who was heard last before a restart may not be known after it, but the verdict is; and a runner that no agent speaks for is known by
    // its events alone.
    private DateTimeOffset LastSignOf(RunnerRecord runner)
    {
        var gone = runner.SilentSince ?? runner.LastHeard ?? readySince;
        return runner.LastMentioned > gone ? runner.LastMentioned : gone;
    }

    private static string Id(string verdict, DateTimeOffset about, RunnerRecord runner) =>
        string.Create(CultureInfo.InvariantCulture, $"{verdict}:{runner.Identity.Scope}:{runner.Identity.Type}:{about.UtcTicks}:{runner.Identity.Name}");
}
