using RunnerMetrics.Simulator.Load;

namespace RunnerMetrics.Simulator.Tests;

/// <summary>The jobs of the real runner's logs, told to the simulator.</summary>
internal static class Stories
{
    private static readonly PlannedStep First = new("Run make", "make", TimeSpan.FromSeconds(2));
    private static readonly PlannedStep Second = new("Run make check", "make check", TimeSpan.FromSeconds(1));
    private static readonly PlannedStep Last = new("Run make clean", "make clean", TimeSpan.FromSeconds(1)) { Condition = PlannedStep.Always };

    public static JobPlan Of(string scenario) => scenario switch
    {
        "ok" => Job([First, Second], JobOutcome.Success),
        "fail" => Job([First with { ExitCode = 3 }, Second, Last], JobOutcome.StepFails),
        "cancel" => Job([First with { HonoursInterrupt = false }, Last], JobOutcome.Cancelled),
        "ephemeral" => Job([First with { ExitCode = 1 }], JobOutcome.StepFails),
        "init-failure" => Job([First], JobOutcome.InitializeFails),
        "worker-kill9" => Job([First, Last], JobOutcome.WorkerKilled),
        "started-hook-fails" => Job([First, Second], JobOutcome.StartedHookFails),
        _ => throw new ArgumentOutOfRangeException(nameof(scenario), scenario, "No such story."),
    };

    public static JobPlan Job(PlannedStep[] steps, JobOutcome outcome) => new()
    {
        Repository = "acme/shop",
        Workflow = "CI",
        WorkflowFile = "ci.yml",
        Job = "build",
        DisplayName = "build (x)",
        RunId = 1001,
        RunNumber = 7,
        RunAttempt = 1,
        CheckRunId = 4242,
        RequestId = 1795220563,
        Sha = new string('a', 40),
        PlanId = Guid.Parse("efeaf237-519d-4e65-8ae5-bcb735792bd7"),
        Seed = 5,
        IdleBefore = TimeSpan.FromSeconds(3),
        SetUp = TimeSpan.FromSeconds(2),
        Steps = steps,
        Outcome = outcome,
        EndsInStep = outcome is JobOutcome.StepFails or JobOutcome.Cancelled or JobOutcome.WorkerKilled or JobOutcome.RunnerCrashes ? 0 : -1,
    };
}
