using System.CommandLine;

namespace RunnerMetrics.Hosting.CommandLine;

/// <summary>
/// An option of a program, described once. Its value comes from the command line, else from the environment, else it is the default. What was given is checked by
/// <see cref="UsageProblems.Of"/>; if it is wrong, the default is used, so that the other problems are found as well.
/// </summary>
/// <typeparam name="T">The value.</typeparam>
public sealed class ProgramOption<T> : Option<T>, IDescribedOption
{
    private readonly ValueKind<T> _kind;
    private readonly T _fallback;
    private readonly Func<string, string?> _environment;

    internal ProgramOption(string name, ValueKind<T> kind, T fallback, string help, IReadOnlyList<string> variables, Func<string, string?> environment)
        : base(name)
    {
        (_kind, _fallback, _environment, Variables) = (kind, fallback, environment, variables);
        HelpName = kind.HelpName;
        Arity = kind.HelpName is null ? ArgumentArity.ZeroOrOne : kind.IsList ? ArgumentArity.OneOrMore : ArgumentArity.ExactlyOne;

        // The library's own value is not used: it has no place for a variable, and its help writes defaults as .NET does.
        CustomParser = _ => fallback;
        Description = help
            + (DefaultText is { Length: > 0 } text && kind.HelpName is not null ? $" [default: {text}]" : "")
            + (variables.Count > 0 ? $" [{string.Join(", ", variables)}]" : "");
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Variables { get; }

    /// <inheritdoc/>
    public string? DefaultText => _fallback is null ? null : _kind.Format(_fallback);

    /// <summary>The value that was given, or the default.</summary>
    /// <param name="parsed">The command line.</param>
    public T Value(ParseResult parsed) => Find(parsed) is { } given && _kind.Parse(given.Text) is (var value, null) ? value! : _fallback;

    /// <inheritdoc/>
    public string? ProblemIn(ParseResult parsed) => Find(parsed) is { } given && _kind.Parse(given.Text).Problem is { } problem ? $"{given.Source}{Quote(given.Text)} {problem}" : null;

    // An address may hold a password.
    private static string Quote(string text) => text.Contains('@', StringComparison.Ordinal) ? "" : $" '{text}'";

    private (string Source, string Text)? Find(ParseResult parsed)
    {
        if (parsed.GetResult(this) is { Implicit: false } result)
        {
            return result.Tokens.Count == 0 ? (Arity.MinimumNumberOfValues == 0 ? (Name, "true") : null)
                : result.Tokens.Count <= Arity.MaximumNumberOfValues ? (Name, string.Join(',', result.Tokens.Select(token => token.Value))) : null;
        }

        foreach (var variable in Variables)
        {
            if (_environment(variable) is { Length: > 0 } text)
            {
                return (variable, text);
            }
        }

        return null;
    }
}
