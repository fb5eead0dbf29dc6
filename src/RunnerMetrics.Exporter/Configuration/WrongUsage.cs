using System.CommandLine;
using RunnerMetrics.Hosting.CommandLine;

namespace RunnerMetrics.Exporter.Configuration;

/// <summary>Writes the problems of a wrong command line.</summary>
internal static class WrongUsage
{
    /// <summary>Writes problems, one per line, and the help command.</summary>
    /// <returns>The exit code.</returns>
    public static int Write(IEnumerable<string> problems, Command? command = null) => UsageProblems.Write(Console.Error, problems, ExporterCommand.Program, command);
}
