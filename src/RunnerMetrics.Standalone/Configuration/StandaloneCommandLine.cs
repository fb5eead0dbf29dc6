using System.CommandLine;
using System.Globalization;
using System.Net;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Doctor;

namespace RunnerMetrics.Standalone.Configuration;

/// <summary>The command line: <c>runner-metrics-standalone --diag DIR …</c>, each option also from the environment.</summary>
internal sealed class StandaloneCommandLine
{
    private const int WrongUsage = 2;

    private readonly Func<string, string?> _environment;
    private readonly RunOptions _agent;
    private readonly Option<string?> _httpPort;
    private readonly Option<string?> _bind;
    private readonly Option<string?> _data;
    private readonly RootCommand _root = new("Follows the logs of a GitHub Actions runner and serves its metrics: agent and exporter in one process.");

    /// <summary>Makes the command line.</summary>
    /// <param name="run">Runs agent and exporter as configured.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    public StandaloneCommandLine(Func<StandaloneOptions, Task<int>> run, Func<string, string?> environment)
    {
        _environment = environment;
        _agent = new RunOptions(environment, ownCollector: new Uri("http://127.0.0.1"));
        _agent.AddTo(_root);
        _root.Add(_httpPort = Text("--http-port", "PORT", "The port of /metrics: 9091", "RUNNER_METRICS_HTTP_PORT", "METRICS_PORT"));
        _root.Add(_bind = Text("--bind", "ADDRESS", "The address that it is bound to: 127.0.0.1", "RUNNER_METRICS_BIND"));
        _root.Add(_data = Text("--data", "DIR", "The folder for what must outlive the process: one in ~/.local/state/runner-metrics", "RUNNER_METRICS_DATA"));
        _root.SetAction(async (parsed, _) =>
        {
            var problems = new List<string>();
            return Read(parsed, problems) is { } options ? await run(options) : await WriteAsync(problems, parsed.InvocationConfiguration.Error);
        });
        _root.Add(DoctorCommand.Make(_agent, environment, TimeProvider.System));
    }

    /// <summary>Does what the arguments say.</summary>
    public async Task<int> InvokeAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        var parsed = _root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            return await WriteAsync(parsed.Errors.Select(error => error.Message).Append("See runner-metrics-standalone --help."), errors);
        }

        // Signals are the program's own business: it ends with 0 when it is told to stop.
        return await parsed.InvokeAsync(
            new InvocationConfiguration { Output = output, Error = errors, ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }

    private static async Task<int> WriteAsync(IEnumerable<string> problems, TextWriter errors)
    {
        foreach (var problem in problems)
        {
            await errors.WriteLineAsync(problem);
        }

        return WrongUsage;
    }

    private StandaloneOptions? Read(ParseResult parsed, List<string> problems)
    {
        var agent = _agent.Read(parsed, problems);
        var port = 9091;
        if (parsed.GetValue(_httpPort) is { } number
            && !(int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= IPEndPoint.MaxPort))
        {
            problems.Add($"--http-port '{number}' is no port: give 1 to 65535, or 0 for any free one.");
        }

        // A bare number is an address too.
        var bind = IPAddress.Loopback;
        if (parsed.GetValue(_bind) is { } address && !(IPAddress.TryParse(address, out bind) && address.AsSpan().ContainsAny('.', ':')))
        {
            problems.Add($"--bind '{address}' is not an IP address: give one such as 127.0.0.1 or 0.0.0.0.");
        }

        var data = parsed.GetValue(_data) ?? _agent.StateOf(parsed, "data");
        if (string.IsNullOrWhiteSpace(data))
        {
            problems.Add("--data is missing: give a folder for what must outlive the process.");
        }
        else if (File.Exists(data))
        {
            problems.Add($"--data {data} is a file: give a folder for what must outlive the process.");
        }

        return problems.Count > 0 ? null : new StandaloneOptions { Agent = agent!, HttpPort = port, Bind = bind!, DataDirectory = data! };
    }

    private Option<string?> Text(string name, string value, string description, params string[] variables) => new(name)
    {
        HelpName = value,
        Description = $"{description} [{string.Join(" or ", variables)}]",
        DefaultValueFactory = _ => variables.Select(_environment).FirstOrDefault(given => given is { Length: > 0 }),
    };
}
