using System.CommandLine;
using System.Net;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Doctor;
using RunnerMetrics.Hosting.CommandLine;

namespace RunnerMetrics.Standalone.Configuration;

/// <summary>The command line: <c>runner-metrics-standalone --diag DIR …</c>, each option also from the environment.</summary>
internal sealed class StandaloneCommandLine
{
    private const string Program = "runner-metrics-standalone";

    private readonly RunOptions _agent;
    private readonly ProgramOption<int> _httpPort;
    private readonly ProgramOption<IPAddress> _bind;
    private readonly ProgramOption<string?> _data;
    private readonly ProgramOption<string?> _readTokenFile;
    private readonly ProgramOption<bool> _openPage;
    private readonly RootCommand _root = new("Follows the logs of a GitHub Actions runner and serves its metrics: agent and exporter in one process.");

    /// <summary>Makes the command line.</summary>
    /// <param name="run">Runs agent and exporter as configured.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    public StandaloneCommandLine(Func<StandaloneOptions, Task<int>> run, Func<string, string?> environment)
    {
        var options = new ProgramOptions(environment);
        _agent = new RunOptions(environment, ownCollector: new Uri("http://127.0.0.1"));
        _agent.AddTo(_root);
        _root.Add(_httpPort = options.Describe("--http-port", Numbers.Port, 9091, "The port of the page, its API and /metrics", "METRICS_PORT"));
        _root.Add(_bind = options.Describe("--bind", Addresses.Bind, IPAddress.Loopback, "The address that it is bound to"));
        _root.Add(_data = options.Text("--data", "DIR", "The folder for what must outlive the process: one in ~/.local/state/runner-metrics"));
        _root.Add(_readTokenFile = options.Text("--read-token-file", "FILE", "File of the bearer tokens that open the page, the API and /metrics, one a line; people sign in with one"));
        _root.Add(_openPage = options.Flag("--open-page", "Open the page and the API to anyone who can reach --bind, if that is more than this machine"));
        _root.SetAction(async (parsed, _) =>
        {
            var problems = new List<string>();
            return Read(parsed, problems) is { } given ? await run(given) : UsageProblems.Write(parsed.InvocationConfiguration.Error, problems, Program);
        });
        _root.Add(DoctorCommand.Make(_agent, environment, TimeProvider.System));
    }

    /// <summary>The command.</summary>
    internal RootCommand Root => _root;

    /// <summary>Runs the command. The program handles signals itself: it exits with 0 on a stop signal.</summary>
    public Task<int> InvokeAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors) => _root.RunAsync(
        Program, arguments, new InvocationConfiguration { Output = output, Error = errors, ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });

    private StandaloneOptions? Read(ParseResult parsed, List<string> problems)
    {
        var agent = _agent.Read(parsed, problems);
        var data = _data.Value(parsed) ?? _agent.StateOf(parsed, "data");
        if (string.IsNullOrWhiteSpace(data))
        {
            problems.Add("--data is missing: give a folder for what must outlive the process.");
        }
        else if (File.Exists(data))
        {
            problems.Add($"--data {data} is a file: give a folder for what must outlive the process.");
        }

        return problems.Count > 0
            ? null
            : new StandaloneOptions
            {
                Agent = agent!,
                HttpPort = _httpPort.Value(parsed),
                Bind = _bind.Value(parsed),
                DataDirectory = data!,
                ReadTokenFile = _readTokenFile.Value(parsed),
                OpenPage = _openPage.Value(parsed),
            };
    }
}
