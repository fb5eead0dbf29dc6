namespace RunnerMetrics.Automation.TestWatching;

/// <summary>The types of a test watcher's errors that are created with 0. A watcher may have others of its own.</summary>
public static class TestWatcherErrors
{
    /// <summary>The folder cannot be watched.</summary>
    public const string Watch = "watch";

    /// <summary>The test command cannot be run, or ran out of time.</summary>
    public const string Command = "command";

    /// <summary>The report of the tests cannot be read.</summary>
    public const string Report = "report";

    /// <summary>An API did not answer as it should.</summary>
    public const string Api = "api";

    internal static string[] All => [Watch, Command, Report, Api];
}
