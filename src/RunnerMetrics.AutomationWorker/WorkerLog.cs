using Microsoft.Extensions.Logging;

namespace RunnerMetrics.AutomationWorker;

/// <summary>What the worker says: never a key.</summary>
internal static partial class WorkerLog
{
    [LoggerMessage(1, LogLevel.Information, "Ready: metrics at {Address}")]
    public static partial void Ready(ILogger logger, Uri address);

    [LoggerMessage(2, LogLevel.Information, "Watching {Folder}: {Command}")]
    public static partial void Watching(ILogger logger, string folder, string command);

    [LoggerMessage(3, LogLevel.Information, "{Files} file(s) changed; tests: {Passed} passed, {Failed} failed, {Errors} without a verdict")]
    public static partial void TestsRan(ILogger logger, int files, int passed, int failed, int errors);

    [LoggerMessage(4, LogLevel.Warning, "The test command gave no verdict: {Problem}")]
    public static partial void CommandFailed(ILogger logger, string problem);

    [LoggerMessage(5, LogLevel.Warning, "A report of the tests cannot be used: {Problem}")]
    public static partial void ReportFailed(ILogger logger, string problem);

    [LoggerMessage(6, LogLevel.Warning, "{Folder} cannot be watched, trying again: {Problem}")]
    public static partial void WatchFailed(ILogger logger, string folder, string problem);

    [LoggerMessage(7, LogLevel.Information, "Possible cause: {Explanation}")]
    public static partial void Explained(ILogger logger, string explanation);

    [LoggerMessage(8, LogLevel.Warning, "The failing test could not be explained: {Problem}")]
    public static partial void ExplanationFailed(ILogger logger, string problem);

    [LoggerMessage(9, LogLevel.Information, "Audited {Repository}: {Findings}")]
    public static partial void Audited(ILogger logger, string repository, string findings);

    [LoggerMessage(10, LogLevel.Warning, "The audit could not see everything ({Analysis}): {Problem}")]
    public static partial void AnalysisFailed(ILogger logger, string analysis, string problem);

    [LoggerMessage(11, LogLevel.Warning, "The end of the command's output:\n{Output}")]
    public static partial void CommandOutput(ILogger logger, string output);
}
