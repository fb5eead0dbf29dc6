namespace RunnerMetrics.Domain.Jobs;

/// <summary>What is remembered of a job from GitHub's events, in any order.</summary>
internal sealed class WorkflowJobRecord(UInt128 key)
{
    /// <summary>The job's own key: of its server and its id.</summary>
    public UInt128 Key { get; } = key;

    /// <summary>The key that the job is counted under: its own, or the agent's if that was counted first.</summary>
    public UInt128 CountedAs { get; set; } = key;

    /// <summary>Whether an agent is known to speak of the same job.</summary>
    public bool IsJoined { get; set; }

    /// <summary>The furthest reported state.</summary>
    public WorkflowJobState State { get; set; }

    public DateTimeOffset? CreatedAt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    /// <summary>The runner that took it, as long as something is still to be counted on it.</summary>
    public string RunnerName { get; set; } = "";

    /// <summary>GitHub's id of that runner.</summary>
    public long RunnerId { get; set; }

    public bool IsWaitCounted { get; set; }

    /// <summary>How long it waited for its runner, if that is known and not counted yet.</summary>
    public TimeSpan? WaitToCount =>
        !IsWaitCounted && RunnerName.Length > 0 && StartedAt - CreatedAt is { } wait ? (wait > TimeSpan.Zero ? wait : TimeSpan.Zero) : null;

    /// <summary>Records what is new in an event of GitHub's; the first value of each property counts.</summary>
    /// <returns>Whether the job came further than it was known to be.</returns>
    public bool Learn(WorkflowJobState state, WorkflowJob job)
    {
        // Of a job that no runner has, started_at says when it began to wait: all that an old Enterprise Server says of that.
        var runs = job.RunnerName.Length > 0 && state >= WorkflowJobState.InProgress;
        CreatedAt ??= job.CreatedAt ?? (state <= WorkflowJobState.Queued ? job.StartedAt : null);
        if (runs)
        {
            StartedAt ??= job.StartedAt;
            CompletedAt ??= job.CompletedAt;
            (RunnerName, RunnerId) = RunnerName.Length == 0 && !IsWaitCounted ? (job.RunnerName, job.RunnerId) : (RunnerName, RunnerId);
        }

        var isNews = state > State;
        State = isNews ? state : State;
        return isNews;
    }

    public void WaitIsCounted() => (IsWaitCounted, RunnerName) = (true, "");
}
