namespace RunnerMetrics.AutomationWorker.Watching;

/// <summary>A test that did not pass, with what it said.</summary>
internal sealed record FailedTest(string Name, string Message);
