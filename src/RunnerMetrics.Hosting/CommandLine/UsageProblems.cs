using System.CommandLine;

namespace RunnerMetrics.Hosting.CommandLine;

/// <summary>What is wrong with a command line and its environment, and how it is said: every problem on its own line.</summary>
public static class UsageProblems
{
    private const string Unrecognized = "Unrecognized command or argument '";

    /// <summary>Every problem of the words and of the values of a command line, each with what would be right.</summary>
    /// <param name="parsed">The command line.</param>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        var command = parsed.CommandResult.Command;
        return
        [
            .. parsed.Errors.Select(error => Explain(error.Message, command)),
            .. command.Options.OfType<IDescribedOption>().Select(option => option.ProblemIn(parsed)).OfType<string>(),
        ];
    }

    /// <summary>Writes problems, and the help command.</summary>
    /// <param name="errors">Standard error.</param>
    /// <param name="problems">The problems.</param>
    /// <param name="program">The program's name: <c>runner-metrics-agent</c>.</param>
    /// <param name="command">Its command that was given; null: the program itself.</param>
    /// <returns><see cref="ExitCode.WrongUsage"/>.</returns>
    public static int Write(TextWriter errors, IEnumerable<string> problems, string program, Command? command = null)
    {
        ArgumentNullException.ThrowIfNull(errors);
        ArgumentNullException.ThrowIfNull(problems);
        foreach (var problem in problems)
        {
            errors.WriteLine(problem.ReplaceLineEndings(" "));
        }

        errors.WriteLine($"Run '{string.Join(' ', PathOf(command).Prepend(program))} --help' for the options.");
        return ExitCode.WrongUsage;
    }

    // The root command's name is that of the file that runs.
    private static IEnumerable<string> PathOf(Command? command) =>
        command is null or RootCommand ? [] : PathOf(command.Parents.OfType<Command>().FirstOrDefault()).Append(command.Name);

    private static string Explain(string problem, Command command)
    {
        if (!problem.StartsWith(Unrecognized, StringComparison.Ordinal))
        {
            return problem;
        }

        var word = problem[Unrecognized.Length..].TrimEnd('.').TrimEnd('\'');
        var names = word.StartsWith('-') ? command.Options.Select(option => option.Name) : command.Subcommands.Select(subcommand => subcommand.Name);
        return NearestName.Of(word, names) is { } nearest ? $"{problem} Did you mean '{nearest}'?" : problem;
    }
}
