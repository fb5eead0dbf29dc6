using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>A job that the listener began and has not ended.</summary>
internal sealed class OpenJob(RunnerSettings runner, DateTimeOffset startedAt, JobRequest? request, NameBlock name, long seenAt)
{
    // Lines between a clock that was set back and the listener's next line, which comes within a minute or two, when the lease is renewed.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);

    private DateTimeOffset _lastAt = startedAt;

    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>The earliest and the latest time of a line of the job: apart from a clock that is set, its beginning and its end.</summary>
    public DateTimeOffset EarliestAt { get; private set; } = startedAt;

    public DateTimeOffset LatestAt { get; private set; } = startedAt;

    /// <summary>Its worker began between these two. If the clock was set back, the worker may have written before the first or after the second.</summary>
    public DateTimeOffset WorkerFrom => EarliestAt - Tolerance;

    public DateTimeOffset WorkerTo => LatestAt + Tolerance;

    /// <summary>Whether the clock was set back while it ran.</summary>
    public bool IsClockSetBack { get; private set; }

    /// <summary>The time provider's time stamp of when the agent saw the job begin.</summary>
    public long SeenAt { get; } = seenAt;

    public NameBlock Name { get; } = name;

    /// <summary>The request that it began with, if the log has it.</summary>
    public JobRequest? Request { get; } = request;

    public Guid? Id { get; set; } = request?.Job;

    /// <summary>Its worker's log, if it is found.</summary>
    public WorkerLog? Log { get; set; }

    public WorkerSection? Worker => Log is { Section.IsIdentified: true } ? Log.Section : null;

    /// <summary>Whether it is known what the worker's log says of the job, or that there is none.</summary>
    public bool IsWorkerKnown { get; set; }

    public bool WorkerStarting { get; set; }

    public bool WorkerStarted { get; set; }

    public int? WorkerProcess { get; set; }

    public int? ExitCode { get; set; }

    public DateTimeOffset? ExitedAt { get; set; }

    public DateTimeOffset? ShutdownAt { get; set; }

    /// <summary>Whether GitHub said that it no longer has the job.</summary>
    public bool IsUnknownToGitHub { get; set; }

    /// <summary>What the listener did wrong, if its log shows it.</summary>
    public string? Fault { get; set; }

    public bool BeganToldOf { get; set; }

    private TimeSpan Tolerance => IsClockSetBack ? ClockTolerance : WorkerLogs.Tolerance;

    /// <summary>A line of the listener's was written while the job was open.</summary>
    public void NoteLine(DateTimeOffset at)
    {
        EarliestAt = at < EarliestAt ? at : EarliestAt;
        LatestAt = at > LatestAt ? at : LatestAt;
        IsClockSetBack |= at < _lastAt;
        _lastAt = at;
    }

    /// <summary>It had not ended before.</summary>
    public void NoteLatest(DateTimeOffset at) => LatestAt = at > LatestAt ? at : LatestAt;

    public JobFacts Facts()
    {
        var id = Id?.ToString() ?? throw new InvalidOperationException("A job's facts are asked for before its GUID is known.");
        var message = Worker?.Message;
        return new JobFacts
        {
            RunnerName = runner.Name,
            JobKey = runner.Name.Length == 0 ? "" : JobKey.Create(runner.Name, id, StartedAt, runner.Scope),
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
