namespace RunnerMetrics.Simulator.Load;

/// <summary>What a job is, and what it will do.</summary>
internal sealed record JobPlan
{
    /// <summary><c>owner/name</c></summary>
    public required string Repository { get; init; }

    /// <summary>The workflow's name.</summary>
    public required string Workflow { get; init; }

    /// <summary>The workflow's file under <c>.github/workflows</c>.</summary>
    public required string WorkflowFile { get; init; }

    /// <summary>The job's id in that file.</summary>
    public required string Job { get; init; }

    /// <summary>What people see, with the matrix.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The matrix, empty if there is none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Matrix { get; init; } = [];

    /// <summary>The workflow run: a later one has a greater id, another attempt of one has the same.</summary>
    public required long RunId { get; init; }

    /// <summary>The run's number in its workflow.</summary>
    public required int RunNumber { get; init; }

    /// <summary>1, or more for a re-run.</summary>
    public required int RunAttempt { get; init; }

    /// <summary>The check run, which not every message names.</summary>
    public long? CheckRunId { get; init; }

    /// <summary>The job's id, which GitHub's webhooks name.</summary>
    public long WorkflowJobId { get; init; }

    /// <summary>The number of the request to this runner.</summary>
    public required long RequestId { get; init; }

    /// <summary>The commit.</summary>
    public required string Sha { get; init; }

    /// <summary>The run's plan, unlike the job's id never seen again.</summary>
    public required Guid PlanId { get; init; }

    /// <summary>Seeds all further ids.</summary>
    public required int Seed { get; init; }

    /// <summary>How long the runner waits before it gets the job, at speed 1.</summary>
    public TimeSpan IdleBefore { get; init; }

    /// <summary>How long actions are downloaded, at speed 1.</summary>
    public TimeSpan SetUp { get; init; }

    /// <summary>The job's own steps, in order.</summary>
    public required IReadOnlyList<PlannedStep> Steps { get; init; }

    /// <summary>How it ends.</summary>
    public JobOutcome Outcome { get; init; }

    /// <summary>The step that it ends in, where it is not let run to its end.</summary>
    public int EndsInStep { get; init; } = -1;

    /// <summary>The job's GUID: GitHub derives it from names, so it comes back in later runs.</summary>
    public Guid JobId => SeededGuid.Of(Repository, WorkflowFile, DisplayName);

    /// <summary>The job's name for those who follow it through GitHub's services.</summary>
    public string OrchestrationId => $"{PlanId}.{Job}.__default";

    /// <summary>The same job, but short, and failing in the last of its own steps.</summary>
    public JobPlan Failing()
    {
        var fails = Steps.Count - 1;
        while (fails > 0 && Steps[fails].Condition == PlannedStep.Always)
        {
            fails--;
        }

        return this with
        {
            Outcome = JobOutcome.StepFails,
            EndsInStep = fails,
            Steps = [.. Steps.Select((step, i) => step with { Duration = Shorter(step.Duration), ExitCode = i == fails ? 1 : 0 })],
        };

        static TimeSpan Shorter(TimeSpan duration) => duration < TimeSpan.FromSeconds(10) ? duration : TimeSpan.FromSeconds(10);
    }

    /// <summary>How long it takes at speed 1, from its set-up to the end of its last step.</summary>
    public TimeSpan Duration => Outcome switch
    {
        JobOutcome.InitializeFails or JobOutcome.StartedHookFails => SetUp,
        _ => SetUp + TimeSpan.FromTicks(Steps.Where((step, i) => EndsInStep < 0 || i <= EndsInStep || step.Condition == PlannedStep.Always).Sum(step => step.Duration.Ticks)),
    };
}
