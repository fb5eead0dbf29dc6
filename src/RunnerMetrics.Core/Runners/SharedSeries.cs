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
}
