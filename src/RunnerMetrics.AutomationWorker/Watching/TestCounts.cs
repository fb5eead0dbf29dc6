namespace RunnerMetrics.AutomationWorker.Watching;

/// <summary>How many tests ended how, and which did not pass. Tests that did not run are not in it.</summary>
internal sealed record TestCounts(int Passed, int Failed, int Errors, IReadOnlyList<FailedTest> Failures)
{
    public static TestCounts None { get; } = new(0, 0, 0, []);

    public TestCounts And(TestCounts other) =>
        new(Passed + other.Passed, Failed + other.Failed, Errors + other.Errors, [.. Failures, .. other.Failures]);
}
