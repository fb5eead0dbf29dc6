using System.Globalization;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>
/// Decides what depends on time: which runner is silent, which job is given up, which series are removed. Its decisions are events,
/// so that the fold needs no clock. It measures observed silence: neither a changed clock nor time without a running exporter counts.
/// </summary>
/// <param name="fleet">The fleet, recovered: no runner is judged before one time-out has been observed since then.</param>
/// <param name="registry">The registry whose gate guards the fleet.</param>
/// <param name="options">The time-outs.</param>
public sealed class FleetWatch(FleetState fleet, MetricRegistry registry, FleetOptions options)
{
    /// <summary>How long agents have, once the exporter is ready, to report jobs that ended meanwhile: longer than the delay between their attempts.</summary>
    private static readonly TimeSpan TimeToTell = TimeSpan.FromMinutes(10);

    /// <summary>How long a runner's agent may take to report the reason of a failure that GitHub reported.</summary>
    private static readonly TimeSpan TimeToExplain = TimeSpan.FromMinutes(1);

    /// <summary>How much observed time may pass before it is made durable.</summary>
    private static readonly TimeSpan NoteEvery = TimeSpan.FromMinutes(5);

    private readonly TimeSpan _readySince = fleet.Observed;
    private TimeSpan _noted = fleet.Observed;

    /// <summary>Records time that has passed while the exporter watched.</summary>
    /// <param name="elapsed">
    /// How much, by a monotonic clock. An exporter that was suspended for longer received nothing meanwhile: at most half a time-out of it counts, so that what its runners sent
    /// is received before they are judged.
    /// </param>
    public void Observe(TimeSpan elapsed)
    {
        using (registry.Gate.Enter())
        {
            var most = options.OfflineAfter / 2;
            fleet.Observed += elapsed < most ? elapsed : most;
        }
    }

    /// <summary>The decisions that are due; the caller makes them durable and applies them.</summary>
    /// <param name="now">The time that they are dated with.</param>
    public IReadOnlyList<FleetEvent> Judge(DateTimeOffset now)
    {
        List<FleetEvent> verdicts = [];
        using (registry.Gate.Enter())
        {
            if (fleet.Observed - _readySince <= options.OfflineAfter)
            {
                return [];
            }

            foreach (var runner in fleet.Runners)
            {
                Judge(runner, now, verdicts);
            }

            foreach (var job in fleet.QueuedSinceBefore(fleet.Observed - options.QueuedFor))
            {
                var key = job.ToString("x32", CultureInfo.InvariantCulture);
                verdicts.Add(new QueuedJobExpired(Id("expired", key), now, key));
            }
        }

        return verdicts;
    }

    /// <summary>What must be made durable of the time that was observed; null while that is little.</summary>
    /// <param name="now">The time that it is dated with.</param>
    public TimeObserved? Note(DateTimeOffset now)
    {
        using (registry.Gate.Enter())
        {
            // The first note is due at once: it says since when everything is counted.
            if (fleet.Since is not null && fleet.Observed - _noted < NoteEvery)
            {
                return null;
            }

            _noted = fleet.Observed;
            return new TimeObserved(Id("observed", ""), now, _noted);
        }
    }

    private void Judge(RunnerRecord runner, DateTimeOffset now, List<FleetEvent> verdicts)
    {
        var (scope, name, type) = RunnerKey.Of(runner.Identity);
        if (runner.IsOnline && SilenceSince(runner.HeardAt) > options.OfflineAfter)
        {
            verdicts.Add(new RunnerSilent(IdOf("silent", runner), now, name, type) { RunnerScope = scope, Observed = fleet.Observed });
        }

        // The last sign of a job is its last event; for the job that its runner ran last, the runner's own last sign if that was later.
        foreach (var job in runner.OpenJobs)
        {
            var lastSign = job == runner.LatestJob && runner.HeardAt > job.SeenAt ? runner.HeardAt : job.SeenAt;
            if (SilenceSince(lastSign) > options.LostAfter && SilenceSince(_readySince) > (TimeToTell < options.LostAfter ? TimeToTell : options.LostAfter))
            {
                verdicts.Add(new JobGivenUp($"given-up:{job.Job.Key}:{scope}", now, name, type, job.Job.Key) { RunnerScope = scope });
            }
        }

        foreach (var reason in runner.OpenReasons)
        {
            if (SilenceSince(reason.Since > _readySince ? reason.Since : _readySince) > TimeToExplain)
            {
                var key = reason.Key.ToString("x32", CultureInfo.InvariantCulture);
                verdicts.Add(new FailureUnexplained($"unexplained:{key}:{scope}", now, name, type, key) { RunnerScope = scope });
            }
        }

        // An ephemeral runner has no series of its own to keep: only its place among the offline ones.
        var keep = runner.Identity.Ephemeral ? options.OfflineAfter * 2 : options.Retention;
        if (runner is { IsOnline: false, OpenJobs.Count: 0 } && SilenceSince(LastSignOf(runner)) > keep)
        {
            verdicts.Add(RunnerForgotten.Of(scope, type, name, now, fleet.Observed));
        }
    }

    private TimeSpan SilenceSince(TimeSpan? sign) => fleet.Observed - (sign ?? _readySince);

    // Who reported last before a restart may not be known after it, but the decision is; and a runner that no agent speaks for is known by
    // its events alone.
    private static TimeSpan LastSignOf(RunnerRecord runner) =>
        (runner.SilentSince ?? runner.HeardAt) is { } gone && gone > runner.MentionedAt ? gone : runner.MentionedAt;

    private string IdOf(string verdict, RunnerRecord runner) => Id(verdict, $"{runner.Identity.Scope}:{runner.Identity.Type}:{runner.Identity.Name}");

    // Observed time never comes back, so that no decision is taken for an earlier one.
    private string Id(string verdict, string about) => string.Create(CultureInfo.InvariantCulture, $"{verdict}:{fleet.Observed.Ticks}:{about}");
}
