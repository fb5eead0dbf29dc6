using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using RunnerMetrics.AutomationWorker.Auditing;
using RunnerMetrics.AutomationWorker.Explaining;
using RunnerMetrics.AutomationWorker.Watching;
using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.Hosting.Logging;

namespace RunnerMetrics.AutomationWorker.Configuration;

/// <summary>The command line: <c>watch</c>, <c>audit</c>, <c>run</c>, which does both, and <c>demo</c>, which does both in a project of its own.</summary>
internal sealed class WorkerCommand
{
    /// <summary>The program's name in messages.</summary>
    public const string Program = "runner-metrics-automation";

    private static readonly WorkerOptions Defaults = new();
    private static readonly WatchOptions WatchDefaults = new() { Folder = "", TestCommand = [] };
    private static readonly AuditOptions AuditDefaults = new() { Repository = "" };

    private readonly ProgramOption<int> _httpPort;
    private readonly ProgramOption<int> _demoPort;
    private readonly ProgramOption<IPAddress> _bind;
    private readonly ProgramOption<string?> _folder;
    private readonly ProgramOption<string?> _testCommand;
    private readonly ProgramOption<string?> _results;
    private readonly ProgramOption<IReadOnlyList<string>> _files;
    private readonly ProgramOption<IReadOnlyList<string>> _ignore;
    private readonly ProgramOption<TimeSpan> _debounce;
    private readonly ProgramOption<TimeSpan> _testTimeout;
    private readonly ProgramOption<string?> _deepseekKeyFile;
    private readonly ProgramOption<Uri?> _deepseekUrl;
    private readonly ProgramOption<string?> _deepseekModel;
    private readonly ProgramOption<string?> _perplexityKeyFile;
    private readonly ProgramOption<Uri?> _perplexityUrl;
    private readonly ProgramOption<string?> _perplexityModel;
    private readonly ProgramOption<string?> _repository;
    private readonly ProgramOption<TimeSpan> _auditEvery;
    private readonly ProgramOption<IReadOnlyList<string>> _documents;
    private readonly ProgramOption<string?> _marker;
    private readonly ProgramOption<IReadOnlyList<string>> _coverage;
    private readonly ProgramOption<string?> _state;
    private readonly ProgramOption<bool> _once;
    private readonly LogArguments _log;

    /// <summary>A command line that reads the variables given; <c>--http-port</c> is <c>RUNNER_METRICS_AUTOMATION_HTTP_PORT</c>.</summary>
    public WorkerCommand(Func<string, string?> environment)
    {
        var options = new ProgramOptions(environment, "RUNNER_METRICS_AUTOMATION_");
        var (folder, model) = (Texts.Any("DIR"), Texts.Any("MODEL"));
        var (names, patterns) = (Texts.List("NAMES"), Texts.List("PATTERNS"));
        var url = Addresses.Url("https://api.deepseek.com");
        var duration = Durations.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(30), TimeSpan.FromMinutes(15));
        _httpPort = options.Describe("--http-port", Numbers.Port, Defaults.HttpPort, "Port of /metrics, /health and /ready");
        _demoPort = options.Describe("--http-port", Numbers.Port, 9090, "Port of /metrics, /health and /ready");
        _bind = options.Describe("--bind", Addresses.Bind, Defaults.Bind, "Address to listen on");
        _folder = options.Describe("--folder", folder, ".", "Folder to watch, and to run the tests in");
        _testCommand = options.Text("--test-command", "COMMAND", "Command that runs the tests: \"dotnet test --logger trx\"; no shell is involved");
        _results = options.Text("--results", "PATTERN", "Where the command leaves TRX reports, below the folder: \"**/*.trx\"; without it the exit code decides");
        _files = options.Describe("--files", names, WatchDefaults.Files, "Names of files whose changes count: *.cs,*.csproj; default: all files");
        _ignore = options.Describe("--ignore", names, WatchDefaults.Ignored, "Names of files and folders whose changes do not count");
        _debounce = options.Describe("--debounce", duration, WatchDefaults.Debounce, "How long no file may change before the tests run");
        _testTimeout = options.Describe("--test-timeout", duration, WatchDefaults.TestTimeout, "How long the test command may take");
        _deepseekKeyFile = options.Text("--deepseek-key-file", "FILE", "File with the DeepSeek key: names and messages of failing tests are then sent there to be explained");
        _deepseekUrl = options.Describe("--deepseek-url", url, new Uri("https://api.deepseek.com"), "Base address of DeepSeek's API");
        _deepseekModel = options.Describe("--deepseek-model", model, "deepseek-chat", "Model to ask");
        _perplexityKeyFile = options.Text("--perplexity-key-file", "FILE", "File with the Perplexity key: used if DeepSeek has no key or no answer");
        _perplexityUrl = options.Describe("--perplexity-url", url, new Uri("https://api.perplexity.ai"), "Base address of Perplexity's API");
        _perplexityModel = options.Describe("--perplexity-model", model, "sonar", "Model to ask");
        _repository = options.Describe("--repository", folder, ".", "Folder to audit: a git repository, or a folder in one");
        _auditEvery = options.Describe("--audit-every", duration, AuditDefaults.Every, "Time from the end of an audit to the next");
        _documents = options.Describe("--documents", patterns, AuditDefaults.Documents, "Patterns of documents, below the repository, that may contain completion markers");
        _marker = options.Describe("--marker", Texts.Any("REGEX"), AuditDefaults.Marker, "Regular expression of a line with a completion marker");
        _coverage = options.Describe("--coverage", patterns, AuditDefaults.Coverage, "Patterns of Cobertura files, below the repository");
        _state = options.Text("--state", "FILE", "File that keeps the audits' state between runs of the worker");
        _once = options.FlagWithoutVariable("--once", "Audit once, print the findings, and exit: with 1 if something could not be audited");
        _log = new LogArguments(options);

        Option[] serving = [_httpPort, _bind, .. _log.Options];
        Option[] watching =
        [
            _folder, _testCommand, _results, _files, _ignore, _debounce, _testTimeout,
            _deepseekKeyFile, _deepseekUrl, _deepseekModel, _perplexityKeyFile, _perplexityUrl, _perplexityModel,
        ];
        Option[] auditing = [_repository, _auditEvery, _documents, _marker, _coverage, _state];
        Watch = Make("watch", "Watches a folder, and runs its tests when files change.", [.. watching, .. serving]);
        Audit = Make("audit", "Audits a repository periodically: new commits, completion markers, coverage.", [.. auditing, _once, .. serving]);
        Run = Make("run", "Watches and audits.", [.. watching, .. auditing, .. serving]);
        Demo = Make("demo", "Shows the metrics: watches and audits a small project of its own, which changes by itself.", [_demoPort, _bind, .. _log.Options]);
        Root = new RootCommand("Watches a folder and runs its tests, audits a repository, and serves metrics of both.") { Watch, Audit, Run, Demo };
    }

    /// <summary>All commands; the caller gives them their actions.</summary>
    public RootCommand Root { get; }

    public Command Watch { get; }

    public Command Audit { get; }

    public Command Run { get; }

    public Command Demo { get; }

    /// <summary>The program's log options.</summary>
    public LogOptions ReadLog(ParseResult parsed) => _log.Value(parsed);

    /// <summary>Whether to audit once, say what was found, and end.</summary>
    public bool IsOnce(ParseResult parsed) => _once.Value(parsed);

    /// <summary>The given options, and every problem in them.</summary>
    public WorkerOptions Read(ParseResult parsed, out IReadOnlyList<string> problems)
    {
        var command = parsed.CommandResult.Command;
        if (command == Root)
        {
            problems = UsageProblems.Of(parsed);
            return Defaults;
        }

        var options = new WorkerOptions
        {
            HttpPort = (command == Demo ? _demoPort : _httpPort).Value(parsed),
            Bind = _bind.Value(parsed),
            Watch = command == Audit || command == Demo ? null : ReadWatch(parsed),
            Audit = command == Watch || command == Demo ? null : ReadAudit(parsed),
            Apis = command == Audit || command == Demo ? [] : [.. ReadApis(parsed)],
        };
        problems = [.. UsageProblems.Of(parsed), .. WorkerOptionsValidator.Validate(options)];
        return options;
    }

    private static Command Make(string name, string description, IReadOnlyList<Option> options)
    {
        var command = new Command(name, description);
        foreach (var option in options)
        {
            command.Add(option);
        }

        return command;
    }

    private WatchOptions ReadWatch(ParseResult parsed) => new()
    {
        Folder = Path.GetFullPath(_folder.Value(parsed)!),
        TestCommand = [.. CommandLineParser.SplitCommandLine(_testCommand.Value(parsed) ?? "")],
        Results = _results.Value(parsed),
        Files = _files.Value(parsed),
        Ignored = _ignore.Value(parsed),
        Debounce = _debounce.Value(parsed),
        TestTimeout = _testTimeout.Value(parsed),
    };

    private AuditOptions ReadAudit(ParseResult parsed) => new()
    {
        Repository = Path.GetFullPath(_repository.Value(parsed)!),
        Every = _auditEvery.Value(parsed),
        Documents = _documents.Value(parsed),
        Marker = _marker.Value(parsed)!,
        Coverage = _coverage.Value(parsed),
        StateFile = _state.Value(parsed) is { } file ? Path.GetFullPath(file) : null,
    };

    private IEnumerable<ApiSettings> ReadApis(ParseResult parsed)
    {
        if (_deepseekKeyFile.Value(parsed) is { } deepseek)
        {
            yield return new ApiSettings("deepseek", _deepseekUrl.Value(parsed)!, _deepseekModel.Value(parsed)!, deepseek);
        }

        if (_perplexityKeyFile.Value(parsed) is { } perplexity)
        {
            yield return new ApiSettings("perplexity", _perplexityUrl.Value(parsed)!, _perplexityModel.Value(parsed)!, perplexity);
        }
    }
}
