namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>Something that is certain from a runner's logs.</summary>
/// <param name="At">When it happened.</param>
/// <param name="Life">The life of the listener that it happened in, if the log still has the beginning of that life.</param>
internal abstract record DiagEvent(DateTimeOffset At, ListenerLife? Life);

/// <summary>The listener took a job.</summary>
internal sealed record JobBegan(JobFacts Job, ListenerLife? Life) : DiagEvent(Job.StartedAt, Life);

/// <summary>A job is over.</summary>
internal sealed record JobEnded(JobFacts Job, JobVerdict Verdict, DateTimeOffset At, ListenerLife? Life) : DiagEvent(At, Life)
{
    /// <summary>When its own first step began; null if it never did, or no log says so.</summary>
    public DateTimeOffset? StepsStartedAt { get; init; }

    /// <summary>What went wrong, if the runner caused it: for people, not for counting.</summary>
    public string? Cause { get; init; }
}

/// <summary>The listener ended by itself.</summary>
internal sealed record ListenerEnded(ListenerLife Of, DateTimeOffset At, string Reason) : DiagEvent(At, Of);
