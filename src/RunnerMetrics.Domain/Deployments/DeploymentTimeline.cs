using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Memory;

namespace RunnerMetrics.Domain.Deployments;

/// <summary>
/// The last deployments of one repository to one environment, in the order in which they ended, whichever order they were told of in: which of
/// them a rework mended, and which ended a time without a good one, shows in their neighbours.
/// </summary>
internal sealed class DeploymentTimeline
{
    /// <summary>Far more than arrive out of order.</summary>
    private const int Kept = 64;

    private readonly List<DeploymentEnd> _ends = [];
    private long _failuresBefore;

    /// <summary>
    /// How many deployments failed those who use what was deployed: they ended well, and an incident or a rework was traced to them.
    /// </summary>
    public long ChangeFailures => _failuresBefore + Failures().LongCount(isFailure => isFailure);

    public DeploymentEnd? Find(UInt128 key) => _ends.Find(end => end.Key == key);

    /// <summary>Counts a failure of a deployment that is no longer in the timeline.</summary>
    public void CountEarlierFailure() => _failuresBefore++;

    /// <summary>Adds a deployment.</summary>
    /// <param name="end">The deployment.</param>
    /// <param name="dropped">The one that gives way, or null.</param>
    /// <param name="droppedFailed">Whether an incident or a rework was traced to that one.</param>
    /// <returns>From the first failed run to the good one that ended it, where that is now known; else null.</returns>
    public TimeSpan? Add(DeploymentEnd end, out DeploymentEnd? dropped, out bool droppedFailed)
    {
        var at = _ends.FindIndex(other => other.At > end.At || (other.At == end.At && other.Key > end.Key));
        at = at < 0 ? _ends.Count : at;
        _ends.Insert(at, end);
        var recovery = MeasureRecovery(at);
        (dropped, droppedFailed) = (null, false);
        if (_ends.Count > Kept)
        {
            dropped = _ends[0];
            droppedFailed = Failures().Last();
            _failuresBefore += droppedFailed ? 1 : 0;
            _ends.RemoveAt(0);
        }

        return recovery;
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(_failuresBefore);
        writer.Write(_ends.Count);
        foreach (var end in _ends)
        {
            writer.Write(end.Key);
            writer.Write(end.At.UtcTicks);
            writer.Write(end.Succeeded);
            writer.Write(end.IsRework);
            writer.Write(end.HasIncident);
            writer.Write(end.IsRecoveryMeasured);
        }
    }

    public void Load(BinaryReader reader)
    {
        _failuresBefore = reader.ReadInt64();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            _ends.Add(new DeploymentEnd(reader.ReadKey(), new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero), reader.ReadBoolean())
            {
                IsRework = reader.ReadBoolean(),
                HasIncident = reader.ReadBoolean(),
                IsRecoveryMeasured = reader.ReadBoolean(),
            });
        }
    }

    // Of each deployment, from the last to the first, whether it failed: a rework mends the last good one before it.
    private IEnumerable<bool> Failures()
    {
        var isMended = false;
        for (var i = _ends.Count - 1; i >= 0; i--)
        {
            var end = _ends[i];
            yield return end.Succeeded && (end.HasIncident || isMended);
            isMended = end.IsRework || (isMended && !end.Succeeded);
        }
    }

    // From the first of the failed runs in a row to the good one behind them; once a good one.
    private TimeSpan? MeasureRecovery(int at)
    {
        var good = at;
        while (good < _ends.Count && !_ends[good].Succeeded)
        {
            good++;
        }

        if (good == _ends.Count || _ends[good].IsRecoveryMeasured)
        {
            return null;
        }

        var first = good;
        while (first > 0 && !_ends[first - 1].Succeeded)
        {
            first--;
        }

        if (first == good)
        {
            return null;
        }

        _ends[good].IsRecoveryMeasured = true;
        return _ends[good].At - _ends[first].At;
    }
}
