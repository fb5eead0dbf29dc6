using System.CommandLine;

namespace RunnerMetrics.Hosting.CommandLine;

/// <summary>What is known of an option whatever its values are.</summary>
public interface IDescribedOption
{
    /// <summary>Its name on the command line: <c>--http-port</c>.</summary>
    string Name { get; }

    /// <summary>The environment variables that stand in for it, the one that counts most first.</summary>
    IReadOnlyList<string> Variables { get; }

    /// <summary>Its default as the option takes it; null where it has none.</summary>
    string? DefaultText { get; }

    /// <summary>What is wrong with its value, and what would be right; null where nothing is.</summary>
    /// <param name="parsed">The command line.</param>
    string? ProblemIn(ParseResult parsed);
}
