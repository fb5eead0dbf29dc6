using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using RunnerMetrics.AutomationWorker.Auditing;
using RunnerMetrics.AutomationWorker.Explaining;
using RunnerMetrics.AutomationWorker.Watching;

namespace RunnerMetrics.AutomationWorker.Configuration;

/// <summary>The command line: <c>watch</c>, <c>audit</c>, and <c>run</c>, which does both.</summary>
internal sealed class WorkerCommand
{
    private static readonly WorkerOptions Defaults = new();
    private static readonly WatchOptions WatchDefaults = new() { Folder = "", TestCommand = [] };
    private static readonly AuditOptions AuditDefaults = new() { Repository = "" };

    private readonly OptionReader _reader;
    private readonly Option<int> _httpPort;
    private readonly Option<IPAddress> _bind;
    private readonly Option<string?> _folder;
    private readonly Option<string?> _testCommand;
    private readonly Option<string?> _results;
    private readonly Option<IReadOnlyList<string>> _files;
    private readonly Option<IReadOnlyList<string>> _ignore;
    private readonly Option<TimeSpan> _debounce;
    private readonly Option<TimeSpan> _testTimeout;
    private readonly Option<string?> _deepseekKeyFile;
    private readonly Option<Uri> _deepseekUrl;
    private readonly Option<string?> _deepseekModel;
    private readonly Option<string?> _perplexityKeyFile;
    private readonly Option<Uri> _perplexityUrl;
    private readonly Option<string?> _perplexityModel;
    private readonly Option<string?> _repository;
    private readonly Option<TimeSpan> _auditEvery;
    private readonly Option<IReadOnlyList<string>> _documents;
    private readonly Option<string?> _marker;
    private readonly Option<IReadOnlyList<string>> _coverage;
    private readonly Option<string?> _state;

    /// <summary>A command line that reads the variables given.</summary>
    public WorkerCommand(Func<string, string?> environment)
    {
        _reader = new OptionReader(environment);
        _httpPort = _reader.Number("--http-port", Defaults.HttpPort, "Port of /metrics, /health and /ready");
        _bind = _reader.Address("--bind", Defaults.Bind, "Address to listen on");
        _folder = _reader.Text("--folder", "Folder to watch, and to run the tests in", ".");
        _testCommand = _reader.Text("--test-command", "Command that runs the tests: \"dotnet test --logger trx\"; no shell is involved");
        _results = _reader.Text("--results", "Where the command leaves TRX reports, below the folder: \"**/*.trx\"; without it the exit code is the verdict");
        _files = _reader.List("--files", WatchDefaults.Files, "Names of files whose changes count: *.cs,*.csproj …; all of them where none is given");
        _ignore = _reader.List("--ignore", WatchDefaults.Ignored, "Names of files and folders whose changes do not count");
        _debounce = _reader.Duration("--debounce", WatchDefaults.Debounce, "How long the files must be quiet before the tests run");
        _testTimeout = _reader.Duration("--test-timeout", WatchDefaults.TestTimeout, "How long the test command may take");
        _deepseekKeyFile = _reader.Text("--deepseek-key-file", "File of the DeepSeek key: failing tests' names and messages are then sent there to be explained");
        _deepseekUrl = _reader.Url("--deepseek-url", new Uri("https://api.deepseek.com"), "What DeepSeek's paths start with");
        _deepseekModel = _reader.Text("--deepseek-model", "Model to ask", "deepseek-chat");
        _perplexityKeyFile = _reader.Text("--perplexity-key-file", "File of the Perplexity key: asked where DeepSeek has no key or no answer");
        _perplexityUrl = _reader.Url("--perplexity-url", new Uri("https://api.perplexity.ai"), "What Perplexity's paths start with");
        _perplexityModel = _reader.Text("--perplexity-model", "Model to ask", "sonar");
        _repository = _reader.Text("--repository", "Folder to audit: a git repository, or a folder in one", ".");
        _auditEvery = _reader.Duration("--audit-every", AuditDefaults.Every, "Time from the end of an audit to the next");
        _documents = _reader.List("--documents", AuditDefaults.Documents, "Patterns of documents, below the repository, that may hold completion markers");
        _marker = _reader.Text("--marker", "Regular expression of a line with a completion marker", AuditDefaults.Marker);
        _coverage = _reader.List("--coverage", AuditDefaults.Coverage, "Patterns of Cobertura files, below the repository");
        _state = _reader.Text("--state", "File that keeps what audits have seen, from one run of the worker to the next");

        Option[] serving = [_httpPort, _bind];
        Option[] watching =
        [
            _folder, _testCommand, _results, _files, _ignore, _debounce, _testTimeout,
            _deepseekKeyFile, _deepseekUrl, _deepseekModel, _perplexityKeyFile, _perplexityUrl, _perplexityModel,
        ];
        Option[] auditing = [_repository, _auditEvery, _documents, _marker, _coverage, _state];
        Watch = Make("watch", "Watches a folder, and runs its tests when files change.", [.. serving, .. watching]);
        Audit = Make("audit", "Audits a repository now and then: new commits, completion markers, coverage.", [.. serving, .. auditing, Once]);
        Run = Make("run", "Watches and audits.", [.. serving, .. watching, .. auditing]);
        Root = new RootCommand("Watches a folder and runs its tests, audits a repository, and lets both be scraped.") { Watch, Audit, Run };
    }

    /// <summary>All commands; the caller gives the three their actions.</summary>
    public RootCommand Root { get; }

    public Command Watch { get; }

    public Command Audit { get; }

    public Command Run { get; }

    /// <summary>Audit once, say what was found, and end.</summary>
    public Option<bool> Once { get; } = new("--once") { Description = "Audit once, say what was found, and end: with 1 where something could not be seen" };

    /// <summary>What was asked for, and every problem in it.</summary>
    public WorkerOptions Read(ParseResult parsed, out IReadOnlyList<string> problems)
    {
        if (parsed.Errors.Count > 0)
        {
            // A command line that cannot be read has no values.
            problems = [.. parsed.Errors.Select(error => error.Message), .. _reader.Problems];
            return Defaults;
        }

        var command = parsed.CommandResult.Command;
        var options = new WorkerOptions
        {
            HttpPort = parsed.GetValue(_httpPort),
            Bind = parsed.GetValue(_bind)!,
            Watch = command == Audit ? null : ReadWatch(parsed),
            Audit = command == Watch ? null : ReadAudit(parsed),
            Apis = command == Audit ? [] : [.. ReadApis(parsed)],
        };
        problems = [.. _reader.Problems, .. WorkerOptionsValidator.Validate(options)];
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
        Folder = Path.GetFullPath(parsed.GetValue(_folder)!),
        TestCommand = [.. CommandLineParser.SplitCommandLine(parsed.GetValue(_testCommand) ?? "")],
        Results = parsed.GetValue(_results),
        Files = parsed.GetValue(_files)!,
        Ignored = parsed.GetValue(_ignore)!,
        Debounce = parsed.GetValue(_debounce),
        TestTimeout = parsed.GetValue(_testTimeout),
    };

    private AuditOptions ReadAudit(ParseResult parsed) => new()
    {
        Repository = Path.GetFullPath(parsed.GetValue(_repository)!),
        Every = parsed.GetValue(_auditEvery),
        Documents = parsed.GetValue(_documents)!,
        Marker = parsed.GetValue(_marker)!,
        Coverage = parsed.GetValue(_coverage)!,
        StateFile = parsed.GetValue(_state) is { } file ? Path.GetFullPath(file) : null,
    };

    private IEnumerable<ApiSettings> ReadApis(ParseResult parsed)
    {
        if (parsed.GetValue(_deepseekKeyFile) is { } deepseek)
        {
            yield return new ApiSettings("deepseek", parsed.GetValue(_deepseekUrl)!, parsed.GetValue(_deepseekModel)!, deepseek);
        }

        if (parsed.GetValue(_perplexityKeyFile) is { } perplexity)
        {
            yield return new ApiSettings("perplexity", parsed.GetValue(_perplexityUrl)!, parsed.GetValue(_perplexityModel)!, perplexity);
        }
    }
}
