using System.CommandLine;
using RunnerMetrics.Hosting.CommandLine;

namespace RunnerMetrics.Exporter.Configuration;

/// <summary>What the program says that was told something wrong.</summary>
internal static class WrongUsage
{
    /// <summary>Writes problems, one a line, and which help to read.</summary>
    /// <returns>The exit code.</returns>
    public static int Write(IEnumerable<string> problems, Command? command = null) => UsageProblems.Write(Console.Error, problems, ExporterCommand.Program, command);
}
