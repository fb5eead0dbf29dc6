namespace RunnerMetrics.Hosting.CommandLine;

/// <summary>Exit codes of all programs.</summary>
public static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Failed at run time.</summary>
    public const int Failed = 1;

    /// <summary>Wrong usage or configuration: every problem was written on its own line.</summary>
    public const int WrongUsage = 2;
}
