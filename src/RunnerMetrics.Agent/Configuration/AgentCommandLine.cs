using System.CommandLine;
using RunnerMetrics.Agent.Caches;
using RunnerMetrics.Agent.Deployments;
using RunnerMetrics.Agent.Doctor;

namespace RunnerMetrics.Agent.Configuration;

/// <summary>The command line: <c>runner-metrics-agent run --diag DIR …</c>, each option also from the environment.</summary>
internal sealed class AgentCommandLine
{
    private readonly Func<string, string?> _environment;
    private readonly Discovery _discovery;
    private readonly Option<string?> _diag;
    private readonly Option<string?> _spool;
    private readonly Option<string?> _adopt;
    private readonly Option<string?> _runnerName;
    private readonly Option<string?> _runnerType;
    private readonly Option<string?> _collector;
    private readonly Option<string?> _tokenFile;
    private readonly Option<string?> _hooks;
    private readonly Option<bool> _standalone;
    private readonly Option<string?> _httpPort;
    private readonly Option<string?> _bind;
    private readonly Option<string?> _data;
    private readonly Option<string?> _spoolMaxSize;
    private readonly Option<string?> _spoolMaxAge;
    private readonly Option<string?> _flushTimeout;
    private readonly Option<bool> _once = new("--once") { Description = "Read what is there, deliver it, and end: with 1 where the collector is away." };
    private readonly CacheCommand _cache;
    private readonly RootCommand _root = new("Stands beside a GitHub Actions runner, reads what the runner logs, and reports it to the exporter.");

    /// <summary>Makes the command line.</summary>
    /// <param name="run">Runs the agent as configured.</param>
    /// <param name="environment">Reads a variable of the environment.</param>
    /// <param name="errors">Takes every problem of the configuration, on its own line.</param>
    public AgentCommandLine(Func<AgentOptions, Task<int>> run, Func<string, string?> environment, TextWriter errors)
        : this(run, environment, errors, TimeProvider.System, Console.OpenStandardInput, Console.OpenStandardOutput)
    {
    }

    internal AgentCommandLine(
        Func<AgentOptions, Task<int>> run, Func<string, string?> environment, TextWriter errors, TimeProvider time, Func<Stream> input, Func<Stream> output,
        Discovery? discovery = null)
    {
        _environment = environment;
        _discovery = discovery ?? new Discovery(environment);
        _diag = Text("--diag", "DIR", "RUNNER_METRICS_DIAG", "The runner's _diag folder: that of the runner in whose folder the agent is started, that runs on this machine, or in ~/actions-runner");
        _spool = Text("--spool", "DIR", "RUNNER_METRICS_SPOOL", "The agent's own folder, for what the collector has not taken yet: one in ~/.local/state/runner-metrics");
        _adopt = Text("--adopt", "DIR", "RUNNER_METRICS_ADOPT", "A folder of the node whose subfolders are spools: what agents that are gone left there is delivered too");
        _runnerName = Text("--runner-name", "NAME", "RUNNER_NAME", "The runner's name, where neither its log nor its file .runner says it");
        _runnerType = Text("--runner-type", "TYPE", "RUNNER_TYPE", "The runner's type: standard, chrome, chrome-go, or the fleet's own word: the first of RUNNER_LABELS that is one of these, else standard");
        _collector = Text("--collector", "URL", "RUNNER_METRICS_COLLECTOR", "The exporter's gRPC address, such as http://127.0.0.1:9095, which run takes where none is given");
        _tokenFile = Text("--token-file", "FILE", "RUNNER_METRICS_TOKEN_FILE", "A file with the collector's token; not needed for one on this machine");
        _hooks = Text("--hooks", "DIR", "RUNNER_METRICS_HOOKS", "The folder where job hooks and steps leave files for the agent");
        _spoolMaxSize = Text("--spool-max-size", "SIZE", "RUNNER_METRICS_SPOOL_MAX_SIZE", "How much disk the spool takes before the logs wait: 64M");
        _spoolMaxAge = Text("--spool-max-age", "TIME", "RUNNER_METRICS_SPOOL_MAX_AGE", "How long an event waits for a collector that is away before it is dropped and counted: 30d");
        _flushTimeout = Text("--flush-timeout", "TIME", "RUNNER_METRICS_FLUSH_TIMEOUT", "How long an agent that is told to end goes on delivering: 3s");
        _standalone = new("--standalone")
        {
            Description = "Serve /metrics from this process; no exporter is needed then. [RUNNER_METRICS_STANDALONE]",
            DefaultValueFactory = _ => _environment("RUNNER_METRICS_STANDALONE") is "true" or "1",
        };
        _httpPort = Text("--http-port", "PORT", "RUNNER_METRICS_HTTP_PORT", "With --standalone: the port of /metrics, or METRICS_PORT: 9091", "METRICS_PORT");
        _bind = Text("--bind", "ADDRESS", "RUNNER_METRICS_BIND", "With --standalone: the address that it is bound to: 127.0.0.1");
        _data = Text("--data", "DIR", "RUNNER_METRICS_DATA", "With --standalone: the folder for what must outlive the process: one in ~/.local/state/runner-metrics");
        var command = new Command("run", "Follows a runner's logs and reports what they tell.")
        {
            _diag, _spool, _adopt, _runnerName, _runnerType, _collector, _tokenFile, _hooks, _spoolMaxSize, _spoolMaxAge, _flushTimeout, _once,
            _standalone, _httpPort, _bind, _data,
        };
        command.SetAction(async (parsed, _) =>
        {
            var problems = new List<string>();
            if (AgentConfiguration.Validate(Given(parsed), problems) is { } options)
            {
                return await run(options);
            }

            foreach (var problem in problems)
            {
                await errors.WriteLineAsync(problem);
            }

            return ExitCode.WrongUsage;
        });
        _root.Add(command);
        _cache = new CacheCommand(_hooks, time, input, output);
        _root.Add(_cache.Command);
        var doctor = new Command("doctor", "Looks at everything that the agent needs, and says what to do about what is wrong: 0 where all is well, 1 where not.")
        {
            _diag, _spool, _runnerName, _runnerType, _collector, _tokenFile, _hooks,
            _standalone, _httpPort, _bind, _data,
        };
        doctor.SetAction((parsed, stop) => new AgentDoctor(environment, time).RunAsync(Given(parsed), parsed.InvocationConfiguration.Output, stop));
        _root.Add(doctor);
        ReportCommands.AddTo(_root, _collector, _tokenFile, environment);
    }

    /// <summary>Does what the arguments say.</summary>
    public async Task<int> InvokeAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors)
    {
        var parsed = _root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            if (parsed.CommandResult.Command == _cache.Parse)
            {
                return await _cache.ParseAsync(parsed, errors);
            }

            foreach (var error in parsed.Errors)
            {
                await errors.WriteLineAsync(error.Message);
            }

            await errors.WriteLineAsync($"See runner-metrics-agent {HelpOf(parsed.CommandResult.Command)} --help.");
            return ExitCode.WrongUsage;
        }

        // Signals are the program's own business: the agent ends with 0 when it is told to stop.
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = output,
            Error = errors,
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        });
    }

    private string HelpOf(Command command) => command == _root ? "run" : string.Join(' ', command.Parents.OfType<Command>().Where(parent => parent != _root).Select(parent => parent.Name).Append(command.Name));

    private GivenOptions Given(ParseResult parsed) => _discovery.Complete(new GivenOptions
    {
        Diag = parsed.GetValue(_diag),
        Spool = parsed.GetValue(_spool),
        Adopt = parsed.GetValue(_adopt),
        RunnerName = parsed.GetValue(_runnerName),
        RunnerType = parsed.GetValue(_runnerType),
        Collector = parsed.GetValue(_collector),
        TokenFile = parsed.GetValue(_tokenFile),
        Hooks = parsed.GetValue(_hooks),
        SpoolMaxSize = parsed.GetValue(_spoolMaxSize),
        SpoolMaxAge = parsed.GetValue(_spoolMaxAge),
        FlushTimeout = parsed.GetValue(_flushTimeout),
        Standalone = parsed.GetValue(_standalone),
        HttpPort = parsed.GetValue(_httpPort),
        Bind = parsed.GetValue(_bind),
        Data = parsed.GetValue(_data),
        Once = parsed.GetValue(_once),
    });

    private Option<string?> Text(string name, string value, string variable, string description, string? alsoVariable = null) => new(name)
    {
        HelpName = value,
        Description = $"{description} [{variable}]",
        DefaultValueFactory = _ => _environment(variable) is { Length: > 0 } given ? given
            : alsoVariable is not null && _environment(alsoVariable) is { Length: > 0 } other ? other : null,
    };
}
