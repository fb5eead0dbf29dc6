using System.CommandLine;
using System.CommandLine.Invocation;
using RunnerMetrics.Hosting.CommandLine;

namespace RunnerMetrics.Demo.CommandLine;

/// <summary>The demo's options.</summary>
internal sealed class DemoCommand
{
    private const string Program = "RunnerMetrics.Demo";

    private readonly ProgramOption<TimeSpan?> _duration;
    private readonly ProgramOption<double> _speed;
    private readonly ProgramOption<int> _httpPort;
    private readonly ProgramOption<int> _grpcPort;
    private readonly RootCommand _root;

    /// <param name="environment">Reads an environment variable.</param>
    public DemoCommand(Func<string, string?> environment)
    {
        var options = new ProgramOptions(environment);
        var duration = Durations.Between(TimeSpan.FromSeconds(1), TimeSpan.FromDays(30), TimeSpan.FromSeconds(30)).OrNone();
        _duration = options.Describe("--duration", duration, null, "How long to run: 30s, 5m or 1h; without it, until Ctrl-C");
        _speed = options.Describe("--speed", Numbers.Between(0.1, 10_000), 60.0, "How much shorter jobs are: at 60, one of 5 minutes takes 5 seconds");
        _httpPort = options.Describe("--http-port", Numbers.KnownPort, 9091, "The port of /metrics");
        _grpcPort = options.Describe("--grpc-port", Numbers.KnownPort, 9095, "The port that the agents report to");
        _root = new RootCommand("The whole system on one machine: the exporter, and three simulated runners with real agents.") { _duration, _speed, _httpPort, _grpcPort };
    }

    /// <summary>Reads the command line.</summary>
    /// <returns>The options; or null with the exit code: 0 after help, 2 after a problem, which stands on a line of its own.</returns>
    public (DemoOptions? Options, int ExitCode) Parse(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var parsed = _root.Parse(args);
        if (parsed.Action is not null and not ParseErrorAction)
        {
            return (null, parsed.Invoke(new InvocationConfiguration { Output = output, Error = error }));
        }

        List<string> problems = [.. UsageProblems.Of(parsed)];
        var options = new DemoOptions(_duration.Value(parsed), _speed.Value(parsed), _httpPort.Value(parsed), _grpcPort.Value(parsed));
        if (options.HttpPort == options.GrpcPort)
        {
            problems.Add($"--http-port and --grpc-port are both {options.HttpPort}: give them two different ports.");
        }

        return problems.Count > 0 ? (null, UsageProblems.Write(error, problems, Program)) : (options, ExitCode.Done);
    }
}
