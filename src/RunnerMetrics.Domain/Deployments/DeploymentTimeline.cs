namespace RunnerMetrics.Domain.Deployments;

/// <summary>
/// The last deployments of one repository to one environment, in the order in which they ended, in any order of their events: which of
/// them a rework fixed, and which ended a series of failures, depends on their neighbours.
/// </summary>
internal sealed class DeploymentTimeline
{
    /// <summary>Far more than arrive out of order.</summary>
    private const int Kept = 64;

    private readonly List<DeploymentEnd> _ends = [];

    /// <summary>
    /// How many deployments were failed changes: they succeeded, and an incident or a rework was traced to them.
    /// </summary>
    public long ChangeFailures => FailuresBefore + Failures().LongCount(isFailure => isFailure);

    /// <summary>How many of those are no longer in the timeline.</summary>
    public long FailuresBefore { get; private set; }

    /// <summary>The deployments, in the order in which they ended.</summary>
    public IReadOnlyList<DeploymentEnd> Ends => _ends;

    public DeploymentEnd? Find(UInt128 key) => _ends.Find(end => end.Key == key);

    /// <summary>Counts a failure of a deployment that is no longer in the timeline.</summary>
    public void CountEarlierFailure() => FailuresBefore++;

    /// <summary>Adds a deployment.</summary>
    /// <param name="end">The deployment.</param>
    /// <param name="dropped">The evicted one, or null.</param>
    /// <param name="droppedFailed">Whether an incident or a rework was traced to the evicted one.</param>
    /// <returns>The time from the first failed run to the successful one after it, if that is now known; else null.</returns>
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
            FailuresBefore += droppedFailed ? 1 : 0;
            _ends.RemoveAt(0);
        }

        return recovery;
    }

    /// <summary>Continues as it was.</summary>
    public void Restore(long failuresBefore, IEnumerable<DeploymentEnd> ends)
    {
        FailuresBefore = failuresBefore;
        _ends.AddRange(ends);
    }

    // Of each deployment, from the last to the first, whether it failed: a rework fixes the last successful one before it.
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

    // From the first of several failed runs to the successful one after them; once per successful run.
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
