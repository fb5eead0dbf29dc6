using RunnerMetrics.Core.Metrics;

namespace RunnerMetrics.Core.Runners;

/// <summary>The series of runners that are counted together, by type: ephemeral ones, and those past the limit. Types past a limit of their own count as <c>other</c>.</summary>
internal sealed class SharedSeries(FleetFamilies families, int maxTypes)
{
    private readonly Dictionary<RunnerKey, JobSeries> _series = [];

    public JobSeries For(string reservedName, string runnerType) => For(reservedName, runnerType, maxTypes);

    private JobSeries For(string reservedName, string runnerType, int limit)
    {
        if (_series.TryGetValue(new RunnerKey(reservedName, runnerType), out var series))
        {
            return series;
        }

        if (_series.Count >= limit && runnerType != RunnerIdentity.OtherName)
        {
            families.DroppedSeries.Increment();
            return For(reservedName, RunnerIdentity.OtherName);
        }

        var labels = Labels.Of(("runner_name", reservedName), ("runner_type", runnerType));
        return _series[new RunnerKey(reservedName, runnerType)] = new JobSeries(families, labels, withGauges: false);
    }

    public IEnumerable<JobSeries> All => _series.Values;

    public void Save(BinaryWriter writer)
    {
        writer.Write(_series.Count);
        foreach (var (key, series) in _series)
        {
            writer.Write(key.Name);
            writer.Write(key.Type);
            series.Save(writer);
        }
    }

    public void Load(BinaryReader reader)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            // The limit may be lower than it was; what was counted stays.
            For(reader.ReadString(), reader.ReadString(), int.MaxValue).Load(reader);
        }
    }
}
