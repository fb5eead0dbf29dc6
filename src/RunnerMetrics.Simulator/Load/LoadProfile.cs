namespace RunnerMetrics.Simulator.Load;

/// <summary>
/// The jobs that a runner of a type gets, one after another: the same sequence for the same seed, whatever the clock says.
/// </summary>
internal sealed class LoadProfile
{
    private readonly Random _random;
    private readonly IReadOnlyList<JobTemplate> _templates;
    private readonly Dictionary<string, int> _runNumbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long RunId, int Number, int Attempt, string Sha)> _lastRuns = new(StringComparer.Ordinal);
    private long _runId;
    private long _checkRunId;
    private long _requestId;

    /// <param name="runnerType">One of <see cref="RunnerTypeMix.Types"/>.</param>
    /// <param name="seed">Any number.</param>
    public LoadProfile(string runnerType, int seed)
    {
        _templates = RunnerTypeMix.Of(runnerType);
        _random = new Random(seed);
        _runId = 11_000_000_000 + _random.NextInt64(1_000_000_000);
        _checkRunId = (_runId * 3) + _random.Next(1000);
        _requestId = _random.Next(1000, 100_000);
    }

    /// <summary>The next job.</summary>
    public JobPlan Next()
    {
        var template = Pick();
        var matrixValue = template.MatrixKey is null ? null : template.MatrixValues[_random.Next(template.MatrixValues.Length)];
        var (runId, number, attempt, sha) = NextRun(template);
        var outcome = NextOutcome();
        var seconds = LogNormal(template.Usual, 0.45, template.Shortest, template.Longest);
        var setUp = outcome == JobOutcome.InitializeFails ? LogNormal(50, 0.2, 30, 80) : LogNormal(3, 0.4, 1, 10);
        PlannedStep[] steps =
        [
            .. template.Steps.Select(step => new PlannedStep(step.Name, step.Script, Seconds(seconds * step.Share))),
            new("Run ./report.sh", "./report.sh", Seconds(2)) { Condition = PlannedStep.Always },
        ];
        var endsIn = EndOf(outcome, steps);
        _requestId++;
        _checkRunId += _random.Next(1, 50);
        return new JobPlan
        {
            Repository = template.Repository,
            Workflow = template.Workflow,
            WorkflowFile = template.WorkflowFile,
            Job = template.Job,
            DisplayName = template.DisplayName(matrixValue),
            Matrix = matrixValue is null ? [] : [new(template.MatrixKey!, matrixValue)],
            RunId = runId,
            RunNumber = number,
            RunAttempt = attempt,
            CheckRunId = _random.NextDouble() < 0.9 ? _checkRunId : null,
            WorkflowJobId = _checkRunId,
            RequestId = _requestId,
            Sha = sha,
            PlanId = Guid.Parse(SeededGuid.Next(_random)),
            Seed = _random.Next(),
            IdleBefore = Seconds(Math.Min(600, -45 * Math.Log(1 - _random.NextDouble()))),
            SetUp = Seconds(setUp),
            Steps = steps,
            Outcome = outcome,
            EndsInStep = endsIn,
        };
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));

    private JobTemplate Pick()
    {
        var ticket = _random.Next(_templates.Sum(template => template.Weight));
        return _templates.First(template => (ticket -= template.Weight) < 0);
    }

    private (long RunId, int Number, int Attempt, string Sha) NextRun(JobTemplate template)
    {
        var workflow = template.Repository + "/" + template.WorkflowFile;

        // Sometimes the last one is re-run.
        if (_random.NextDouble() < 0.05 && _lastRuns.TryGetValue(workflow, out var last))
        {
            return _lastRuns[workflow] = last with { Attempt = last.Attempt + 1 };
        }

        _runId += _random.Next(1, 400);
        var number = _runNumbers[workflow] = _runNumbers.GetValueOrDefault(workflow) + 1;
        var sha = new byte[20];
        _random.NextBytes(sha);
        return _lastRuns[workflow] = (_runId, number, 1, Convert.ToHexStringLower(sha));
    }

    private JobOutcome NextOutcome() => _random.NextDouble() switch
    {
        < 0.120 => JobOutcome.StepFails,
        < 0.160 => JobOutcome.Cancelled,
        < 0.170 => JobOutcome.InitializeFails,
        < 0.175 => JobOutcome.StartedHookFails,
        < 0.180 => JobOutcome.WorkerKilled,
        < 0.185 => JobOutcome.RunnerCrashes,
        _ => JobOutcome.Success,
    };

    /// <summary>Where a job that does not get through all its steps ends; that step then fails, or is cut short.</summary>
    private int EndOf(JobOutcome outcome, PlannedStep[] steps)
    {
        if (outcome is JobOutcome.Success or JobOutcome.InitializeFails or JobOutcome.StartedHookFails)
        {
            return -1;
        }

        // Most of what fails, fails in what the job is about: its last own step but one always() step.
        var step = _random.NextDouble() < 0.8 ? steps.Length - 2 : _random.Next(steps.Length - 1);
        steps[step] = steps[step] with
        {
            Duration = steps[step].Duration * (0.1 + (0.9 * _random.NextDouble())),
            ExitCode = outcome == JobOutcome.StepFails ? 1 : 0,
            HonoursInterrupt = _random.NextDouble() < 0.8,
        };
        return step;
    }

    private double LogNormal(double median, double sigma, double shortest, double longest)
    {
        // Box and Muller's transform; 1 - x is never 0.
        var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        return Math.Clamp(median * Math.Exp(sigma * normal), shortest, longest);
    }
}
