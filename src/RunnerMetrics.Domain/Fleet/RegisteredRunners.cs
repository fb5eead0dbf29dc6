using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>
/// What GitHub lists of runners, beside what agents say. It is no part of the fold: it is what was last listed, as true as that is recent, and it is gone after a restart until GitHub is asked again.
/// </summary>
internal sealed class RegisteredRunners(FleetFamilies families)
{
    /// <summary>How long the two have to differ: a runner is listed once a minute, and an agent may start after its runner.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private static readonly string[] States = ["idle", "busy", "offline"];
    private static readonly string[] Sides = ["github", "agent", "disagreement"];

    private readonly Dictionary<string, (IReadOnlyList<RegisteredRunner> Runners, DateTimeOffset ListedAt)> _scopes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Gauge[]> _registered = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Side, string Scope, string Name), (RunnerMismatch Mismatch, TimeSpan Since)> _mismatches = [];
    private Gauge[] _unmatched = [];

    public IEnumerable<string> Versions => _scopes.Values.SelectMany(scope => scope.Runners).Select(runner => runner.Version).Where(version => version.Length > 0);

    /// <summary>The scopes of which it is known what is registered there.</summary>
    public IEnumerable<RegisteredScope> Scopes => _scopes.Select(scope => new RegisteredScope(
        scope.Key, scope.Value.Runners.Count, scope.Value.Runners.Count(runner => runner.IsOnline), scope.Value.Runners.Count(runner => runner.State == "busy"), scope.Value.ListedAt));

    /// <summary>Those that differ for longer than is tolerated.</summary>
    public IEnumerable<RunnerMismatch> Mismatches(TimeSpan observed) => _mismatches.Values.Where(known => observed - known.Since >= Tolerance).Select(known => known.Mismatch);

    /// <summary>The runners that may take a repository's jobs; null where none of their scopes is listed.</summary>
    public IEnumerable<RegisteredRunner>? For(string host, RepositoryName repository)
    {
        var fitting = _scopes.Where(scope => RunnerScope.FitOf(scope.Key, host, repository) is not null).Select(scope => scope.Value.Runners).ToArray();
        return fitting.Length == 0 ? null : fitting.SelectMany(runners => runners);
    }

    public void Show(string scope, IReadOnlyList<RegisteredRunner> runners, IEnumerable<RunnerRecord> agents, DateTimeOffset at, TimeSpan observed)
    {
        _scopes[scope] = (runners, at);
        if (!_registered.TryGetValue(scope, out var gauges))
        {
            var labels = Labels.Of(("runner_scope", scope));
            _registered[scope] = gauges = [.. States.Select(state => families.Registered.AddGauge(labels.With(new LabelPair("state", state))))];
        }

        foreach (var (gauge, state) in gauges.Zip(States))
        {
            gauge.Set(runners.Count(runner => runner.State == state));
        }

        Compare(scope, agents.Where(record => record.HasAgent).ToLookup(record => record.Identity.Name, StringComparer.Ordinal), at, observed);
        ShowUnmatched(observed);
    }

    /// <summary>Nobody knows any more what is registered there.</summary>
    public void Forget(string scope, TimeSpan observed)
    {
        if (!_scopes.Remove(scope))
        {
            return;
        }

        foreach (var gauge in _registered[scope])
        {
            gauge.Set(null);
        }

        foreach (var key in _mismatches.Keys.Where(key => key.Scope == scope).ToArray())
        {
            _mismatches.Remove(key);
        }

        ShowUnmatched(observed);
    }

    private void Compare(string scope, ILookup<string, RunnerRecord> agents, DateTimeOffset at, TimeSpan observed)
    {
        HashSet<(string, string, string)> seen = [];
        void Note(string side, string name, string gitHubSays, string agentSays)
        {
            var key = (side, scope, name);
            seen.Add(key);
            var since = _mismatches.TryGetValue(key, out var known) ? (known.Mismatch.Since, known.Since) : (at, observed);
            _mismatches[key] = (new RunnerMismatch(side, scope, name, gitHubSays, agentSays, since.Item1), since.Item2);
        }

        foreach (var runner in _scopes[scope].Runners)
        {
            var record = agents[runner.Name].FirstOrDefault(record => IsSame(record.Identity, runner, scope));
            if (record is null)
            {
                Note("github", runner.Name, runner.State, "");
            }
            else if (record.IsLivenessKnown && !Agrees(StateCounts.NameOf(record), runner.State))
            {
                Note("disagreement", runner.Name, runner.State, StateCounts.NameOf(record));
            }
        }

        var registered = _scopes[scope].Runners.ToLookup(runner => runner.Name, StringComparer.Ordinal);
        foreach (var record in agents.SelectMany(records => records).Where(record => record.IsOnline && record.Identity.Scope == scope))
        {
            if (!registered[record.Identity.Name].Any(runner => IsSame(record.Identity, runner, scope)))
            {
                Note("agent", record.Identity.Name, "", StateCounts.NameOf(record));
            }
        }

        foreach (var gone in _mismatches.Keys.Where(key => key.Scope == scope && !seen.Contains(key)).ToArray())
        {
            _mismatches.Remove(gone);
        }
    }

    // A name is registered anew under another id where somebody replaced it.
    private static bool IsSame(RunnerIdentity agents, RegisteredRunner runner, string scope) =>
        (agents.Scope.Length == 0 || agents.Scope == scope) && (agents.Id == 0 || agents.Id == runner.Id);

    private static bool Agrees(string agentSays, string gitHubSays) =>
        agentSays == gitHubSays || (agentSays is "disconnected" or "refused" && gitHubSays == "offline");

    private void ShowUnmatched(TimeSpan observed)
    {
        if (_unmatched.Length == 0)
        {
            _unmatched = [.. Sides.Select(side => families.Unmatched.AddGauge(Labels.Of(("side", side))))];
        }

        foreach (var (gauge, side) in _unmatched.Zip(Sides))
        {
            gauge.Set(_scopes.Count == 0 ? null : Mismatches(observed).Count(mismatch => mismatch.Side == side));
        }
    }
}
