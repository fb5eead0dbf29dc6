using RunnerMetrics.Core.Jobs;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>A job that the listener began and has not ended.</summary>
internal sealed class OpenJob(DateTimeOffset startedAt, JobRequest? request, NameBlock name, long seenAt)
{
    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>The time provider's time stamp of when the agent saw the job begin.</summary>
    public long SeenAt { get; } = seenAt;

    public NameBlock Name { get; } = name;

    /// <summary>The request that it began with, where the log has it.</summary>
    public JobRequest? Request { get; } = request;

    public Guid? Id { get; set; } = request?.Job;

    public WorkerSection? Worker { get; set; }

    public bool WorkerAsked { get; set; }

    public bool WorkerStarting { get; set; }

    public bool WorkerStarted { get; set; }

    public int? WorkerProcess { get; set; }

    public int? ExitCode { get; set; }

    public DateTimeOffset? ExitedAt { get; set; }

    public DateTimeOffset? ShutdownAt { get; set; }

    public bool BeganToldOf { get; set; }

    public JobFacts Facts(string runnerName)
    {
        var id = Id?.ToString() ?? throw new InvalidOperationException("A job's facts are asked for before its GUID is known.");
        var message = Worker?.Message;
        return new JobFacts
        {
            JobKey = JobKey.Create(runnerName, id, StartedAt),
            JobId = id,
            StartedAt = StartedAt,
            Name = message?.Name ?? Name.Name,
            ServerUrl = message?.ServerUrl ?? "",
            Repository = message?.Repository ?? "",
            Workflow = message?.Workflow ?? "",
            RunId = message?.RunId ?? 0,
            RunAttempt = message?.RunAttempt ?? 0,
            CheckRunId = message?.CheckRunId ?? 0,
        };
    }
}
