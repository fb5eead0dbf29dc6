using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>
/// How many runners of each type are in each state; a type's four gauges are created with its first runner that reports, the one of refused runners with the first that is refused. Types past the limit are left out.
/// </summary>
internal sealed class StateCounts(FleetFamilies families, int maxTypes)
{
    private static readonly string[] States = ["idle", "busy", "disconnected", "offline", "refused"];
    private const int Refused = 4;
    private static readonly LabelPair[] StateLabels = [.. States.Select(state => new LabelPair("state", state))];

    private readonly Dictionary<string, List<Gauge>> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<RunnerRecord, Gauge?> _shown = [];

    /// <summary>How many runners of each type are in each state.</summary>
    public IEnumerable<WorkerFigure> Figures =>
        from type in _types
        from state in type.Value.Select((gauge, i) => (Name: States[i], Count: (long)(gauge.Value ?? 0)))
        select new WorkerFigure(type.Key, state.Name, state.Count);

    /// <summary>Whether any runner reports.</summary>
    public bool AreReported => _types.Count > 0;

    public static string NameOf(RunnerRecord record) => record.IsLivenessKnown ? States[StateOf(record)] : "unknown";

    public void Update(RunnerRecord record)
    {
        if (!record.IsLivenessKnown)
        {
            return;
        }

        var gauge = GaugeOf(record.Identity.Type, StateOf(record));
        var isShown = _shown.TryGetValue(record, out var shown);
        if (!isShown && gauge is null)
        {
            families.DroppedSeries.Increment();
        }

        if (!isShown || !ReferenceEquals(shown, gauge))
        {
            shown?.Set(shown.Value - 1);
            gauge?.Set(gauge.Value + 1);
            _shown[record] = gauge;
        }
    }

    public IEnumerable<Saved.Piece> Save() => _types.Select(type => new Saved.Piece
    {
        StateGauges = new Saved.StateGauges { RunnerType = type.Key, Indexes = { type.Value.Select(gauge => (uint)gauge.Index) } },
    });

    /// <summary>Makes a type's gauges, in the places that they had: what they show follows from the runners.</summary>
    public void Load(Saved.StateGauges saved)
    {
        // The limit may be lower than it was.
        for (var state = 0; state < saved.Indexes.Count; state++)
        {
            GaugeOf(saved.RunnerType, state)?.EarlierIndex = (int)saved.Indexes[state];
        }
    }

    public void Remove(RunnerRecord record)
    {
        if (_shown.Remove(record, out var gauge))
        {
            gauge?.Set(gauge.Value - 1);
        }
    }

    private static int StateOf(RunnerRecord record) => record switch
    {
        { IsOnline: false, IsRefused: true } => Refused,
        { IsOnline: false } => 3,
        { State: RunnerState.Disconnected } => 2,
        { IsBusy: true } => 1,
        _ => 0,
    };

    private Gauge? GaugeOf(string type, int state)
    {
        if (!_types.TryGetValue(type, out var gauges))
        {
            if (_types.Count >= maxTypes)
            {
                return null;
            }

            _types[type] = gauges = [];
        }

        var wanted = state == Refused ? States.Length : Refused;
        while (gauges.Count < wanted)
        {
            var gauge = families.Runners.AddGauge(Labels.Of(("runner_type", type)).With(StateLabels[gauges.Count]));
            gauge.Set(0);
            gauges.Add(gauge);
        }

        return gauges[state];
    }
}
