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
    /// <param name="ownCollector">The program's own collector, so that there is no option for it; null: there is.</param>
    public RunOptions(Func<string, string?> environment, Uri? ownCollector = null)
        : this(environment, new Discovery(environment), ownCollector)
    {
    }

    internal RunOptions(Func<string, string?> environment, Discovery discovery, Uri? ownCollector)
    {
        (_discovery, _ownCollector) = (discovery, ownCollector);
        var options = new ProgramOptions(environment);
        _diag = options.Text("--diag", "DIR", "The runner's _diag folder: by default of the runner in the current folder, that runs on this machine, or in ~/actions-runner");
        _spool = options.Text("--spool", "DIR", "The agent's own folder, for undelivered events: by default one in ~/.local/state/runner-metrics");
        _adopt = options.Text("--adopt", "DIR", "A folder of the node whose subfolders are spools: spools that stopped agents left there are delivered too");
        _runnerName = options.DescribeAs("--runner-name", "RUNNER_NAME", Texts.Any("NAME"), null, "The runner's name, if neither its log nor its file .runner has it");
        _runnerType = options.DescribeAs(
            "--runner-type", "RUNNER_TYPE", Texts.Any("TYPE"), null,
            "The runner's type: standard, chrome, chrome-go, or your own word; by default the first of RUNNER_LABELS that is one of these, else standard");
        Collector = options.Text("--collector", "URL", "The exporter's gRPC address, such as http://127.0.0.1:9095, the default of run");
        TokenFile = options.Text("--token-file", "FILE", "A file with the collector's token; not needed for one on this machine");
        Hooks = options.Text("--hooks", "DIR", "The folder where job hooks and steps leave files for the agent");
        _spoolMaxSize = options.Describe("--spool-max-size", Size, 64L << 20, "Maximum size of the spool; at the limit no more logs are read");
        _spoolMaxAge = options.Describe("--spool-max-age", Age, TimeSpan.FromDays(30), "How long an event waits for an unreachable collector before it is dropped and counted");
        _flushTimeout = options.Describe("--flush-timeout", Flush, TimeSpan.FromSeconds(3), "How long to continue delivery after a stop signal");
        _once = options.FlagWithoutVariable("--once", "Read the existing logs, deliver their events, and exit: with 1 if the collector is unreachable");
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

    /// <summary>The validated options; null if something is wrong.</summary>
    /// <param name="parsed">The command's options.</param>
    /// <param name="problems">Receives every problem of the command's options, with what would be right.</param>
    public AgentOptions? Read(ParseResult parsed, ICollection<string> problems)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        ArgumentNullException.ThrowIfNull(problems);
        var found = new List<string>();
        var options = AgentConfiguration.Validate(Given(parsed), found);
        found.ForEach(problems.Add);
        return options;
    }

    /// <summary>The default folder of a program's data of a runner, beside the default spool; null if there is none.</summary>
    /// <param name="parsed">The command's options.</param>
    /// <param name="kind">What is kept there.</param>
    public string? StateOf(ParseResult parsed, string kind) => _discovery.StateOf(Given(parsed).Diag, kind);

    /// <summary>Adds the options with paths and addresses, which the doctor checks.</summary>
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
