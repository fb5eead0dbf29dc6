using RunnerMetrics.Core.Metrics;

namespace RunnerMetrics.Core.Runners;

/// <summary>The series of runners that are counted together, by type: ephemeral ones, and those past the limit.</summary>
internal sealed class SharedSeries(FleetFamilies families)
{
    private readonly Dictionary<RunnerKey, JobSeries> _series = [];

    public JobSeries For(string reservedName, string runnerType)
    {
        var key = new RunnerKey(reservedName, runnerType);
        if (!_series.TryGetValue(key, out var series))
        {
            var labels = Labels.Of(("runner_name", reservedName), ("runner_type", runnerType));
            _series[key] = series = new JobSeries(families, labels, withGauges: false);
        }

        return series;
    }

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
            For(reader.ReadString(), reader.ReadString()).Load(reader);
        }
    }
}
