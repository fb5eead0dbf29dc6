namespace RunnerMetrics.Automation.TestWatching;

/// <summary>How a test ended.</summary>
public enum TestOutcome
{
    /// <summary>It passed.</summary>
    Pass,

    /// <summary>It failed.</summary>
    Fail,

    /// <summary>It gave no verdict: the test, or the command that runs it, broke or ran out of time.</summary>
    Error,
}
