using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using RunnerMetrics.Simulator.Load;

namespace RunnerMetrics.Simulator.CommandLine;

/// <summary>Options that check what they are given, and say what would be right.</summary>
internal sealed class OptionFactory(Func<string, string?> environment)
{
    public Option<string?> Text(string name, string variable, string description) => new(name)
    {
        Description = $"{description} [{variable}]",
        DefaultValueFactory = _ => environment(variable),
    };

    public Option<string> RunnerType() => Checked(
        "--runner-type",
        "RUNNER_TYPE",
        "standard, chrome or chrome-go: which jobs it gets.",
        "standard",
        text => RunnerTypeMix.Types.Contains(text) ? text : null,
        $"one of {string.Join(", ", RunnerTypeMix.Types)}")!;

    public Option<int> Seed() => Checked(
        "--seed",
        "RUNNER_METRICS_SEED",
        "The same seed makes the same sequence of jobs.",
        1,
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seed) ? seed : (int?)null,
        "a whole number, for example 7");

    public Option<double> Speed() => Checked(
        "--speed",
        "RUNNER_METRICS_SPEED",
        "How much shorter jobs are: at 60, one of 5 minutes takes 5 seconds.",
        1.0,
        text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var speed) && speed is >= 0.1 and <= 10_000 ? speed : (double?)null,
        "a number from 0.1 to 10000, for example 60");

    public Option<int?> Jobs() => Checked<int?, int?>(
        "--jobs",
        "RUNNER_METRICS_JOBS",
        "Stop after so many jobs. Without it, go on until stopped.",
        null,
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var jobs) && jobs > 0 ? jobs : null,
        "a whole number above 0, for example 20");

    private Option<T> Checked<T, TRead>(string name, string variable, string description, T fallback, Func<string, TRead> read, string right)
    {
        var option = new Option<T>(name) { Description = $"{description} [{variable}]" };
        option.CustomParser = result => Read(result, result.Tokens.Count > 0 ? result.Tokens[0].Value : string.Empty, name);
        option.DefaultValueFactory = result => environment(variable) is { Length: > 0 } text ? Read(result, text, variable) : fallback;
        return option;

        T Read(ArgumentResult result, string text, string source)
        {
            if (read(text) is { } value)
            {
                return (T)(object)value;
            }

            result.AddError($"{source} must be {right}; it is '{text}'.");
            return fallback;
        }
    }
}
