using System.CommandLine;
using System.CommandLine.Help;

namespace RunnerMetrics.Hosting.CommandLine;

/// <summary>Runs a program's command line.</summary>
public static class ProgramCommand
{
    /// <summary>Runs the command; if the command line is invalid, writes every problem instead.</summary>
    /// <param name="root">The program's commands, each with its action.</param>
    /// <param name="program">The program's name: <c>runner-metrics-agent</c>.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="configuration">Where output and problems go, and how signals are handled.</param>
    public static async Task<int> RunAsync(this RootCommand root, string program, IReadOnlyList<string> arguments, InvocationConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(configuration);
        var parsed = root.Parse(arguments);
        return parsed.Errors.Count > 0 && parsed.Action is not HelpAction
            ? UsageProblems.Write(configuration.Error, UsageProblems.Of(parsed), program, parsed.CommandResult.Command)
            : await parsed.InvokeAsync(configuration);
    }
}
