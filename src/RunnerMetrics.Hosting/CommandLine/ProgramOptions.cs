namespace RunnerMetrics.Hosting.CommandLine;

/// <summary>Describes a program's options. Each has an environment variable of the same name: <c>--http-port</c> is <c>RUNNER_METRICS_HTTP_PORT</c>.</summary>
/// <param name="environment">Reads a variable of the environment.</param>
/// <param name="prefix">What the program's variables begin with.</param>
public sealed class ProgramOptions(Func<string, string?> environment, string prefix = ProgramOptions.Prefix)
{
    internal const string Prefix = "RUNNER_METRICS_";

    /// <summary>An option whose variable has its name.</summary>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="name">Its name: <c>--http-port</c>.</param>
    /// <param name="kind">What it takes.</param>
    /// <param name="fallback">Its default.</param>
    /// <param name="help">Its purpose; help adds the default and the variables.</param>
    /// <param name="alsoVariable">Another variable, which counts where the first one is not set.</param>
    public ProgramOption<T> Describe<T>(string name, ValueKind<T> kind, T fallback, string help, string? alsoVariable = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        var variable = prefix + name.TrimStart('-').Replace('-', '_').ToUpperInvariant();
        return new(name, kind, fallback, help, alsoVariable is null ? [variable] : [variable, alsoVariable], environment);
    }

    /// <summary>An option whose variable has a different name.</summary>
    /// <typeparam name="T">The value.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="variable">Its variable: <c>RUNNER_NAME</c>; null if it is for the command line alone.</param>
    /// <param name="kind">What it takes.</param>
    /// <param name="fallback">Its default.</param>
    /// <param name="help">Its purpose.</param>
    public ProgramOption<T> DescribeAs<T>(string name, string? variable, ValueKind<T> kind, T fallback, string help) =>
        new(name, kind, fallback, help, variable is null ? [] : [variable], environment);

    /// <summary>A text without a default.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="helpName">What help calls it: <c>FILE</c>.</param>
    /// <param name="help">Its purpose.</param>
    public ProgramOption<string?> Text(string name, string helpName, string help) => Describe(name, Texts.Any(helpName), null, help);

    /// <summary>A flag that is off by default: the option turns it on, and <c>true</c> or <c>1</c> in the variable.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="help">Its purpose.</param>
    public ProgramOption<bool> Flag(string name, string help) => Describe(name, Flags.Kind, false, help);

    /// <summary>The same for the command line alone.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="help">Its purpose.</param>
    public ProgramOption<bool> FlagWithoutVariable(string name, string help) => DescribeAs(name, null, Flags.Kind, false, help);
}
