namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>What is known about a job. What the files do not have is empty or 0.</summary>
internal sealed record JobFacts
{
    /// <summary>The name of the runner that ran it; empty if nothing says it, and then the job has no key and cannot be reported.</summary>
    public string RunnerName { get; init; } = "";

    public required string JobKey { get; init; }

    public required string JobId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public string Name { get; init; } = "";

    public string ServerUrl { get; init; } = "";

    public string Repository { get; init; } = "";

    public string Workflow { get; init; } = "";

    public long RunId { get; init; }

    public int RunAttempt { get; init; }

    public long CheckRunId { get; init; }
}
