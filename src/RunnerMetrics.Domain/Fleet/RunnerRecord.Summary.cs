namespace RunnerMetrics.Domain.Fleet;

/// <content>A runner as a person wants to see it.</content>
internal sealed partial class RunnerRecord
{
    /// <param name="state">The word for its state.</param>
    public RunnerSummary Summarize(string state)
    {
        var job = RunningJob;
        return new RunnerSummary(Identity.Name, Identity.Type, state, Identity.Version, LastHeard, OpenJobs.Count, Identity.Scope)
        {
            Since = state switch
            {
                "offline" or "refused" => _stoppedAt ?? LastHeard,
                "disconnected" => _disconnectedSince,
                "busy" => job?.StartedAt,
                "idle" => _lastJobEnd > DateTimeOffset.MinValue ? _lastJobEnd : StartedAt,
                _ => null,
            },
            StartedAt = StartedAt,
            IsEphemeral = Identity.Ephemeral,
            HasAgent = HasAgent,
            Job = job?.Job,
            JobStartedAt = job?.StartedAt,
        };
    }
}
