using RunnerMetrics.Domain.Events;

namespace RunnerMetrics.Domain.Fleet;

/// <content>What GitHub's API tells: what is registered there, how far jobs were asked for; and why jobs wait.</content>
public sealed partial class FleetState
{
    private readonly RegisteredRunners _registered;
    private readonly WaitReasons _waits;
    private readonly SortedDictionary<string, (DateTimeOffset Mark, DateTimeOffset Until)> _polled = new(StringComparer.Ordinal);

    /// <summary>Takes note of what GitHub lists of a scope's runners.</summary>
    /// <param name="scope"><c>github.com/acme</c>.</param>
    /// <param name="runners">All of them.</param>
    /// <param name="at">When it was listed.</param>
    public void ShowRegistered(string scope, IReadOnlyList<RegisteredRunner> runners, DateTimeOffset at)
    {
        using (_registry.Gate.Enter())
        {
            _registered.Show(scope, runners, _runners.Values, at, Observed);
        }
    }

    /// <summary>Takes note that nobody knows any more what is registered in a scope.</summary>
    /// <param name="scope"><c>github.com/acme</c>.</param>
    public void ForgetRegistered(string scope)
    {
        using (_registry.Gate.Enter())
        {
            _registered.Forget(scope, Observed);
        }
    }

    /// <summary>What GitHub lists of runners, scope by scope; a scope of which nobody knows is not among them.</summary>
    public IReadOnlyList<RegisteredScope> DescribeRegistered()
    {
        using (_registry.Gate.Enter())
        {
            return [.. _registered.Scopes.OrderBy(scope => scope.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>The runners of which GitHub and their agents do not say the same, for longer than is tolerated.</summary>
    public IReadOnlyList<RunnerMismatch> DescribeMismatches()
    {
        using (_registry.Gate.Enter())
        {
            return [.. _registered.Mismatches(Observed).OrderBy(mismatch => mismatch.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>What waits for a runner, and why; the longest wait first.</summary>
    public IReadOnlyList<WaitingJobs> DescribeWaits()
    {
        using (_registry.Gate.Enter())
        {
            return [.. WaitReasons.Explain(_queued.Waiting, _registered, _runners.Values).OrderBy(jobs => jobs.Oldest)];
        }
    }

    /// <summary>The versions of the Actions runner that are in use, as far as agents or GitHub tell.</summary>
    public IReadOnlyList<string> VersionsInUse()
    {
        using (_registry.Gate.Enter())
        {
            return [.. _runners.Values.Select(record => record.Identity.Version).Where(version => version.Length > 0).Concat(_registered.Versions).Distinct().Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>From when on a scope's jobs are counted that GitHub's API tells of, and up to when all of them were looked at; null where they never were.</summary>
    /// <param name="scope"><c>github.com/acme</c>.</param>
    public (DateTimeOffset Mark, DateTimeOffset Until)? PolledOf(string scope)
    {
        using (_registry.Gate.Enter())
        {
            return _polled.TryGetValue(scope, out var known) ? known : null;
        }
    }

    private ApplyOutcome Fold(JobsPolled polled)
    {
        _polled[polled.Scope] = _polled.TryGetValue(polled.Scope, out var known)
            ? (known.Mark, polled.OccurredAt > known.Until ? polled.OccurredAt : known.Until)
            : (polled.OccurredAt, polled.OccurredAt);
        return ApplyOutcome.Accepted;
    }

    private void ShowWaits(DateTimeOffset now) => _waits.Show(WaitReasons.Explain(_queued.Waiting, _registered, _runners.Values), now);

    private IEnumerable<Saved.Piece> SavePolled() => _polled.Select(polled => new Saved.Piece
    {
        Polled = new Saved.Polled { Scope = polled.Key, Mark = polled.Value.Mark.Save(), Until = polled.Value.Until.Save() },
    });

    private void Load(Saved.Polled saved) => _polled[saved.Scope] = (saved.Mark.LoadOrNever(), saved.Until.LoadOrNever());
}
