using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>
/// The series of runners that are counted together, by scope and type: ephemeral ones, and those past the limit. What passes a limit of their own counts as type
/// <c>other</c>.
/// </summary>
internal sealed class SharedSeries(FleetFamilies families, int maxTypes)
{
    private readonly Dictionary<RunnerKey, JobSeries> _series = [];

    /// <summary>The series that a runner is counted in.</summary>
    public JobSeries For(RunnerIdentity runner) =>
        For(runner, runner.Ephemeral ? RunnerIdentity.EphemeralName : RunnerIdentity.OtherName);

    /// <summary>The series of a scope and type that go by a name.</summary>
    public JobSeries For(RunnerIdentity runner, string name) => For(new RunnerKey(runner.Scope, name, runner.Type), maxTypes);

    private JobSeries For(RunnerKey key, int limit)
    {
        if (_series.TryGetValue(key, out var series))
        {
            return series;
        }

        if ((_series.Count >= limit || (limit != int.MaxValue && !families.HasRoom)) && key.Type != RunnerIdentity.OtherName)
        {
            families.DroppedSeries.Increment();
            return For(new RunnerKey("", key.Name, RunnerIdentity.OtherName), limit);
        }

        return _series[key] = new JobSeries(families, key.Labels, withGauges: false);
    }

    public IEnumerable<JobSeries> All => _series.Values;

    /// <summary>The same, each with the type of its runners.</summary>
    public IEnumerable<(string RunnerType, JobSeries Jobs)> AllByType => _series.Select(series => (series.Key.Type, series.Value));

    public IEnumerable<Saved.Piece> Save() =>
        _series.Select(series => new Saved.Piece { SharedSeries = new Saved.SharedSeries { Key = series.Key.Save(), Jobs = series.Value.Save() } });

    // The limit may be lower than it was; what was counted stays.
    public void Load(Saved.SharedSeries saved) => For(saved.Key.Load(), int.MaxValue).Load(saved.Jobs);
}
