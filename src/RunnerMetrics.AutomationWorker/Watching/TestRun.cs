using System.Xml;
using Microsoft.Extensions.FileSystemGlobbing;
using RunnerMetrics.AutomationWorker.Programs;

namespace RunnerMetrics.AutomationWorker.Watching;

/// <summary>What a run of the test command tells.</summary>
/// <param name="Counts">How the tests ended.</param>
/// <param name="CommandProblem">Why the command itself gave no verdict, or null.</param>
/// <param name="ReportProblems">What was wrong with its reports.</param>
/// <param name="Output">What the command wrote.</param>
internal sealed record TestRun(TestCounts Counts, string? CommandProblem, IReadOnlyList<string> ReportProblems, string Output)
{
    /// <summary>Reads a command's exit and the reports that it wrote. Nothing counts as passed unless a report or the exit code says so.</summary>
    /// <param name="run">The command's run.</param>
    /// <param name="reports">Its reports; null if none are asked for: then the exit code is the one verdict on the run as a whole.</param>
    public static TestRun Read(ProgramRun run, IReadOnlyList<string>? reports)
    {
        if (run.Problem is not null)
        {
            return new TestRun(Error, run.Problem, [], run.Output);
        }

        if (reports is null)
        {
            return new TestRun(run.ExitCode == 0 ? TestCounts.None with { Passed = 1 } : TestCounts.None with { Failed = 1 }, null, [], run.Output);
        }

        var counts = TestCounts.None;
        List<string> problems = [];
        foreach (var report in reports)
        {
            try
            {
                counts = counts.And(TrxReport.Read(report));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or XmlException)
            {
                problems.Add($"{report}: {e.Message}");
                counts = counts.And(Error);
            }
        }

        if (reports.Count == 0 && run.ExitCode == 0)
        {
            problems.Add("The command succeeded but wrote no report: the test results are not known");
        }

        // It failed, and no test did: a build that broke, or a run that broke off.
        var isUnexplained = run.ExitCode != 0 && counts is { Failed: 0, Errors: 0 };
        return new TestRun(isUnexplained ? counts.And(Error) : counts, null, problems, run.Output);
    }

    /// <summary>The reports in a folder, with their states; which of them are a run's shows by comparing those before and after it.</summary>
    public static Dictionary<string, FileStamp> ReportsIn(string folder, string pattern)
    {
        var matcher = new Matcher(StringComparison.Ordinal).AddInclude(pattern);
        return matcher.GetResultsInFullPath(folder).Select(path => new FileInfo(path)).Where(file => file.Exists)
            .ToDictionary(file => file.FullName, file => new FileStamp(file.LastWriteTimeUtc.Ticks, file.Length), StringComparer.Ordinal);
    }

    private static TestCounts Error { get; } = TestCounts.None with { Errors = 1 };
}
