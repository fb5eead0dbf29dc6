using System.CommandLine;
using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.Hosting.Logging;

namespace RunnerMetrics.Agent.Configuration;

/// <summary>The options of an agent that follows a runner, each also from the environment, for the commands of any program that runs one.</summary>
public sealed class RunOptions
{
    // The collector rejects what is older than 35 days.
    private static readonly ValueKind<TimeSpan> Age = Durations.Between(TimeSpan.FromMinutes(1), TimeSpan.FromDays(35), TimeSpan.FromDays(30));
    private static readonly ValueKind<TimeSpan> Flush = Durations.Between(TimeSpan.Zero, TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(3));
    private static readonly ValueKind<long> Size = Sizes.Between(1L << 20, 1L << 30, 64L << 20);

    private readonly Discovery _discovery;
    private readonly Uri? _ownCollector;
    private readonly ProgramOption<string?> _diag;
    private readonly ProgramOption<string?> _spool;
    private readonly ProgramOption<string?> _adopt;
    private readonly ProgramOption<string?> _runnerName;
    private readonly ProgramOption<string?> _runnerType;
    private readonly ProgramOption<long> _spoolMaxSize;
    private readonly ProgramOption<TimeSpan> _spoolMaxAge;
    private readonly ProgramOption<TimeSpan> _flushTimeout;
    private readonly ProgramOption<bool> _once;
    private readonly LogArguments _log;

    /// <summary>Describes them.</summary>
    /// <param name="environment">Reads a variable of the environment.</param>
    /// <param name="ownCollector">The collector that the program brings itself, so that no option names one; null: options do.</param>
    public RunOptions(Func<string, string?> environment, Uri? ownCollector = null)
        : this(environment, new Discovery(environment), ownCollector)
    {
    }

    internal RunOptions(Func<string, string?> environment, Discovery discovery, Uri? ownCollector)
    {
        (_discovery, _ownCollector) = (discovery, ownCollector);
        var options = new ProgramOptions(environment);
        _diag = options.Text("--diag", "DIR", "The runner's _diag folder: that of the runner in whose folder the agent is started, that runs on this machine, or in ~/actions-runner");
        _spool = options.Text("--spool", "DIR", "The agent's own folder, for what the collector has not taken yet: one in ~/.local/state/runner-metrics");
        _adopt = options.Text("--adopt", "DIR", "A folder of the node whose subfolders are spools: what agents that are gone left there is delivered too");
        _runnerName = options.DescribeAs("--runner-name", "RUNNER_NAME", Texts.Any("NAME"), null, "The runner's name, where neither its log nor its file .runner says it");
        _runnerType = options.DescribeAs(
            "--runner-type", "RUNNER_TYPE", Texts.Any("TYPE"), null,
            "The runner's type: standard, chrome, chrome-go, or the fleet's own word: the first of RUNNER_LABELS that is one of these, else standard");
        Collector = options.Text("--collector", "URL", "The exporter's gRPC address, such as http://127.0.0.1:9095, which run takes where none is given");
        TokenFile = options.Text("--token-file", "FILE", "A file with the collector's token; not needed for one on this machine");
        Hooks = options.Text("--hooks", "DIR", "The folder where job hooks and steps leave files for the agent");
        _spoolMaxSize = options.Describe("--spool-max-size", Size, 64L << 20, "How much disk the spool takes before the logs wait");
        _spoolMaxAge = options.Describe("--spool-max-age", Age, TimeSpan.FromDays(30), "How long an event waits for a collector that is away before it is dropped and counted");
        _flushTimeout = options.Describe("--flush-timeout", Flush, TimeSpan.FromSeconds(3), "How long an agent that is told to end goes on delivering");
        _once = options.FlagWithoutVariable("--once", "Read what is there, deliver it, and end: with 1 where the collector is away");
        _log = new LogArguments(options);
    }

    internal ProgramOption<string?> Collector { get; }

    internal ProgramOption<string?> TokenFile { get; }

    internal ProgramOption<string?> Hooks { get; }

    /// <summary>Adds them all to a command.</summary>
    /// <param name="command">Runs the agent.</param>
    public void AddTo(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        AddPlacesTo(command);
        foreach (var option in (Option[])[_adopt, _spoolMaxSize, _spoolMaxAge, _flushTimeout, _once, .. _log.Options])
        {
            command.Add(option);
        }
    }

    /// <summary>What was given or found, as an agent takes it; null where something is wrong with it.</summary>
    /// <param name="parsed">The command's options.</param>
    /// <param name="problems">Is given every problem of the command's options, with what would be right.</param>
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
        Problems = UsageProblems.Of(parsed),
        Diag = _diag.Value(parsed),
        Spool = _spool.Value(parsed),
        Adopt = _adopt.Value(parsed),
        RunnerName = _runnerName.Value(parsed),
        RunnerType = _runnerType.Value(parsed),
        Collector = _ownCollector is null ? Collector.Value(parsed) : null,
        OwnCollector = _ownCollector,
        TokenFile = _ownCollector is null ? TokenFile.Value(parsed) : null,
        Hooks = Hooks.Value(parsed),
        SpoolMaxBytes = _spoolMaxSize.Value(parsed),
        SpoolMaxAge = _spoolMaxAge.Value(parsed),
        FlushTimeout = _flushTimeout.Value(parsed),
        Once = _once.Value(parsed),
        Log = _log.Value(parsed),
    });
}
