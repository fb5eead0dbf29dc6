using System.CommandLine;

namespace RunnerMetrics.Agent.Configuration;

/// <summary>The options of an agent that follows a runner, each also from the environment, for the commands of any program that runs one.</summary>
public sealed class RunOptions
{
    private readonly Func<string, string?> _environment;
    private readonly Discovery _discovery;
    private readonly Uri? _ownCollector;
    private readonly Option<string?> _diag;
    private readonly Option<string?> _spool;
    private readonly Option<string?> _adopt;
    private readonly Option<string?> _runnerName;
    private readonly Option<string?> _runnerType;
    private readonly Option<string?> _spoolMaxSize;
    private readonly Option<string?> _spoolMaxAge;
    private readonly Option<string?> _flushTimeout;
    private readonly Option<bool> _once = new("--once") { Description = "Read what is there, deliver it, and end: with 1 where the collector is away." };

    /// <summary>Describes them.</summary>
    /// <param name="environment">Reads a variable of the environment.</param>
    /// <param name="ownCollector">The collector that the program brings itself, so that no option names one; null: options do.</param>
    public RunOptions(Func<string, string?> environment, Uri? ownCollector = null)
        : this(environment, new Discovery(environment), ownCollector)
    {
    }

    internal RunOptions(Func<string, string?> environment, Discovery discovery, Uri? ownCollector)
    {
        (_environment, _discovery, _ownCollector) = (environment, discovery, ownCollector);
        _diag = Text("--diag", "DIR", "RUNNER_METRICS_DIAG", "The runner's _diag folder: that of the runner in whose folder the agent is started, that runs on this machine, or in ~/actions-runner");
        _spool = Text("--spool", "DIR", "RUNNER_METRICS_SPOOL", "The agent's own folder, for what the collector has not taken yet: one in ~/.local/state/runner-metrics");
        _adopt = Text("--adopt", "DIR", "RUNNER_METRICS_ADOPT", "A folder of the node whose subfolders are spools: what agents that are gone left there is delivered too");
        _runnerName = Text("--runner-name", "NAME", "RUNNER_NAME", "The runner's name, where neither its log nor its file .runner says it");
        _runnerType = Text("--runner-type", "TYPE", "RUNNER_TYPE", "The runner's type: standard, chrome, chrome-go, or the fleet's own word: the first of RUNNER_LABELS that is one of these, else standard");
        Collector = Text("--collector", "URL", "RUNNER_METRICS_COLLECTOR", "The exporter's gRPC address, such as http://127.0.0.1:9095, which run takes where none is given");
        TokenFile = Text("--token-file", "FILE", "RUNNER_METRICS_TOKEN_FILE", "A file with the collector's token; not needed for one on this machine");
        Hooks = Text("--hooks", "DIR", "RUNNER_METRICS_HOOKS", "The folder where job hooks and steps leave files for the agent");
        _spoolMaxSize = Text("--spool-max-size", "SIZE", "RUNNER_METRICS_SPOOL_MAX_SIZE", "How much disk the spool takes before the logs wait: 64M");
        _spoolMaxAge = Text("--spool-max-age", "TIME", "RUNNER_METRICS_SPOOL_MAX_AGE", "How long an event waits for a collector that is away before it is dropped and counted: 30d");
        _flushTimeout = Text("--flush-timeout", "TIME", "RUNNER_METRICS_FLUSH_TIMEOUT", "How long an agent that is told to end goes on delivering: 3s");
    }

    internal Option<string?> Collector { get; }

    internal Option<string?> TokenFile { get; }

    internal Option<string?> Hooks { get; }

    /// <summary>Adds them all to a command.</summary>
    /// <param name="command">Runs the agent.</param>
    public void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        AddPlacesTo(command);
        foreach (var option in (Option[])[_adopt, _spoolMaxSize, _spoolMaxAge, _flushTimeout, _once])
        {
            command.Add(option);
        }
    }

    /// <summary>What was given or found, as an agent takes it; null where something is wrong with it.</summary>
    /// <param name="parsed">The command's options.</param>
    /// <param name="problems">Is given every problem, with what would be right.</param>
    public AgentOptions? Read(ParseResult parsed, ICollection<string> problems)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        ArgumentNullException.ThrowIfNull(problems);
        var found = new List<string>();
        var options = AgentConfiguration.Validate(Given(parsed), found);
        found.ForEach(problems.Add);
        return options;
    }

    /// <summary>The usual place for what a program keeps of a runner, beside the usual spool; null where there is none.</summary>
    /// <param name="parsed">The command's options.</param>
    /// <param name="kind">What is kept there.</param>
    public string? StateOf(ParseResult parsed, string kind) => _discovery.StateOf(Given(parsed).Diag, kind);

    /// <summary>Adds those that say where something is: what a doctor looks at.</summary>
    internal void AddPlacesTo(Command command)
    {
        foreach (var option in (Option[])[_diag, _spool, _runnerName, _runnerType, Hooks])
        {
            command.Add(option);
        }

        if (_ownCollector is null)
        {
            command.Add(Collector);
            command.Add(TokenFile);
        }
    }

    internal GivenOptions Given(ParseResult parsed) => _discovery.Complete(new GivenOptions
    {
        Diag = parsed.GetValue(_diag),
        Spool = parsed.GetValue(_spool),
        Adopt = parsed.GetValue(_adopt),
        RunnerName = parsed.GetValue(_runnerName),
        RunnerType = parsed.GetValue(_runnerType),
        Collector = _ownCollector is null ? parsed.GetValue(Collector) : null,
        OwnCollector = _ownCollector,
        TokenFile = _ownCollector is null ? parsed.GetValue(TokenFile) : null,
        Hooks = parsed.GetValue(Hooks),
        SpoolMaxSize = parsed.GetValue(_spoolMaxSize),
        SpoolMaxAge = parsed.GetValue(_spoolMaxAge),
        FlushTimeout = parsed.GetValue(_flushTimeout),
        Once = parsed.GetValue(_once),
    });

    private Option<string?> Text(string name, string value, string variable, string description) => new(name)
    {
        HelpName = value,
        Description = $"{description} [{variable}]",
        DefaultValueFactory = _ => _environment(variable) is { Length: > 0 } given ? given : null,
    };
}
