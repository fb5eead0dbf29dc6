using System.CommandLine;

namespace RunnerMetrics.Hosting.CommandLine;

/// <summary>The properties of an option, independent of the type of its value.</summary>
public interface IDescribedOption
{
    /// <summary>Its name on the command line: <c>--http-port</c>.</summary>
    string Name { get; }

    /// <summary>Its environment variables, in order of precedence.</summary>
    IReadOnlyList<string> Variables { get; }

    /// <summary>Its default as the option takes it; null if it has none.</summary>
    string? DefaultText { get; }

    /// <summary>What is wrong with its value, and what would be right; null if nothing is.</summary>
    /// <param name="parsed">The command line.</param>
    string? ProblemIn(ParseResult parsed);
}
