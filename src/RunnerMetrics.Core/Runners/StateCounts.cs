using RunnerMetrics.Core.Metrics;

namespace RunnerMetrics.Core.Runners;

/// <summary>How many runners of each type are in each state; a type's four gauges are born with its first runner that is heard.</summary>
internal sealed class StateCounts(FleetFamilies families)
{
    private static readonly string[] States = ["idle", "busy", "disconnected", "offline"];
    private static readonly LabelPair[] StateLabels = [.. States.Select(state => new LabelPair("state", state))];

    private readonly Dictionary<string, Gauge[]> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<RunnerRecord, Gauge> _shown = [];

    public static string NameOf(RunnerRecord record) => record.IsLivenessKnown ? States[StateOf(record)] : "unknown";

    public void Update(RunnerRecord record)
    {
        if (!record.IsLivenessKnown)
        {
            return;
        }

        var gauge = GaugesOf(record.Identity.Type)[StateOf(record)];
        if (_shown.TryGetValue(record, out var shown))
        {
            if (ReferenceEquals(shown, gauge))
            {
                return;
            }

            shown.Set(shown.Value - 1);
        }

        gauge.Set(gauge.Value + 1);
        _shown[record] = gauge;
    }

    public void Remove(RunnerRecord record)
    {
        if (_shown.Remove(record, out var gauge))
        {
            gauge.Set(gauge.Value - 1);
        }
    }

    private static int StateOf(RunnerRecord record) => record switch
    {
        { IsOnline: false } => 3,
        { State: RunnerState.Disconnected } => 2,
        { IsBusy: true } => 1,
        _ => 0,
    };

    private Gauge[] GaugesOf(string type)
    {
        if (!_types.TryGetValue(type, out var gauges))
        {
            var labels = Labels.Of(("runner_type", type));
            _types[type] = gauges = [.. StateLabels.Select(state => families.Runners.AddGauge(labels.With(state)))];
            foreach (var gauge in gauges)
            {
                gauge.Set(0);
            }
        }

        return gauges;
    }
}
