using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>The errors of runners whose series are gone, by type: so that the sum over all runners that there were never falls. Types past the limit are added up as <c>other</c>.</summary>
internal sealed class ForgottenErrors(int maxTypes)
{
    private readonly Dictionary<string, double[]> _types = new(StringComparer.Ordinal);

    /// <summary>The counts of each type, in the order of <see cref="JobSeries.SystemErrors"/>.</summary>
    public IReadOnlyDictionary<string, double[]> All => _types;

    /// <summary>Keeps what a runner's series had counted.</summary>
    public void Keep(string runnerType, JobSeries jobs) => Add(runnerType, jobs.SystemErrors);

    public IEnumerable<Saved.Piece> Save()
    {
        foreach (var (type, counts) in _types)
        {
            yield return new Saved.Piece { ForgottenErrors = new Saved.ForgottenErrors { RunnerType = type, Counts = { counts } } };
        }
    }

    public void Load(Saved.ForgottenErrors saved) => Add(saved.RunnerType, saved.Counts);

    private void Add(string runnerType, IEnumerable<double> counts)
    {
        if (!counts.Any(count => count > 0))
        {
            return;
        }

        var type = _types.ContainsKey(runnerType) || _types.Count < maxTypes ? runnerType : RunnerIdentity.OtherName;
        _types[type] = _types.TryGetValue(type, out var before) ? [.. before.Zip(counts, (a, b) => a + b)] : [.. counts];
    }
}
