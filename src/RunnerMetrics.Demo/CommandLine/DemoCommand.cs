using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;

namespace RunnerMetrics.Demo.CommandLine;

/// <summary>The demo's options.</summary>
internal sealed class DemoCommand
{
    private readonly Option<TimeSpan?> _duration = Checked<TimeSpan?>(
        "--duration", "How long to run, for example 30s, 5m or 1h. Without it, until Ctrl-C.", null, DurationText.Parse, "a number and s, m or h, for example 30s");

    private readonly Option<double> _speed = Checked(
        "--speed",
        "How much shorter jobs are: at 60, one of 5 minutes takes 5 seconds.",
        60.0,
        text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var speed) && speed is >= 0.1 and <= 10_000 ? speed : (object?)null,
        "a number from 0.1 to 10000, for example 60");

    private readonly Option<int> _httpPort = Port("--http-port", "The port of /metrics.", 9091);
    private readonly Option<int> _grpcPort = Port("--grpc-port", "The port that the agents report to.", 9095);

    /// <summary>Reads the command line.</summary>
    /// <returns>The options; or null with the exit code: 0 after help, 2 after a problem, which stands on a line of its own.</returns>
    public (DemoOptions? Options, int ExitCode) Parse(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("The whole path on one machine: the exporter, and three simulated runners with real agents.") { _duration, _speed, _httpPort, _grpcPort };
        var result = root.Parse(args);
        if (result.Action is not null and not ParseErrorAction)
        {
            return (null, result.Invoke(new InvocationConfiguration { Output = output, Error = error }));
        }

        var problems = result.Errors.Select(problem => Explain(problem.Message)).ToList();
        if (problems.Count == 0 && result.GetValue(_httpPort) == result.GetValue(_grpcPort))
        {
            problems.Add("--http-port and --grpc-port must be two different ports.");
        }

        if (problems.Count > 0)
        {
            problems.ForEach(error.WriteLine);
            return (null, 2);
        }

        return (new DemoOptions(result.GetValue(_duration), result.GetValue(_speed), result.GetValue(_httpPort), result.GetValue(_grpcPort)), 0);
    }

    private static string Explain(string problem) => problem.StartsWith("Unrecognized", StringComparison.Ordinal)
        ? problem.TrimEnd('.') + ": --help lists what there is."
        : problem;

    private static Option<int> Port(string name, string description, int fallback) => Checked(
        name,
        description,
        fallback,
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65_536 ? port : (object?)null,
        "a port from 1 to 65535");

    private static Option<T> Checked<T>(string name, string description, T fallback, Func<string, object?> read, string right)
    {
        return new Option<T>(name) { Description = description, DefaultValueFactory = _ => fallback, CustomParser = Read };

        T Read(ArgumentResult result)
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : string.Empty;
            if (read(text) is T value)
            {
                return value;
            }

            result.AddError($"{name} must be {right}; it is '{text}'.");
            return fallback;
        }
    }
}
