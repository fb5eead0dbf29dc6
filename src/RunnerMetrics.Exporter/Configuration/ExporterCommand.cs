using System.CommandLine;
using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.Hosting.Logging;

namespace RunnerMetrics.Exporter.Configuration;

/// <summary>The command line of <c>runner-metrics-exporter</c>.</summary>
internal sealed class ExporterCommand
{
    /// <summary>The program's name in messages.</summary>
    public const string Program = "runner-metrics-exporter";

    private readonly ExporterArguments _arguments;
    private readonly LogArguments _log;

    /// <summary>A command line that reads the variables given.</summary>
    public ExporterCommand(Func<string, string?> environment)
    {
        var options = new ProgramOptions(environment);
        _arguments = new ExporterArguments(options);
        _log = new LogArguments(options);
        Root = new RootCommand("Stores the events of GitHub Actions runners, and serves their metrics to Prometheus.");
        foreach (var option in _arguments.All.Concat(_log.Options))
        {
            Root.Add(option);
        }
    }

    /// <summary>The command, to which the caller gives an action.</summary>
    public RootCommand Root { get; }

    /// <summary>The options with an exporter's address and credentials: for commands that talk to the one that runs here.</summary>
    public IEnumerable<Option> AddressOptions => [_arguments.HttpPort, _arguments.Bind, _arguments.TokenFile, _arguments.TlsCertificate];

    /// <summary>The option that names the data folder: for commands that work on it.</summary>
    public ProgramOption<string?> DataOption => _arguments.Data;

    /// <summary>The options that say as whom GitHub's API is asked: for commands that ask it.</summary>
    public IEnumerable<Option> GitHubOptions => _arguments.GitHub.All;

    /// <summary>The program's log options.</summary>
    public LogOptions ReadLog(ParseResult parsed) => _log.Value(parsed);

    /// <summary>The options of such a command, and every problem in them.</summary>
    public ExporterOptions ReadAddress(ParseResult parsed, out IReadOnlyList<string> problems)
    {
        var options = new ExporterOptions
        {
            HttpPort = _arguments.HttpPort.Value(parsed),
            Bind = _arguments.Bind.Value(parsed),
            TokenFile = _arguments.TokenFile.Value(parsed),
            TlsCertificate = _arguments.TlsCertificate.Value(parsed),
        };
        problems = [.. UsageProblems.Of(parsed), .. ExporterOptionsValidator.ValidateAddress(options)];
        return options;
    }

    /// <summary>What a command that asks GitHub's API was told, and every problem in it.</summary>
    public ExporterOptions ReadGitHub(ParseResult parsed, out IReadOnlyList<string> problems)
    {
        var options = new ExporterOptions { GitHub = _arguments.GitHub.Value(parsed) };
        problems = [.. UsageProblems.Of(parsed), .. GitHubOptionsValidator.Validate(options.GitHub)];
        return options;
    }

    /// <summary>The given options, and every problem in them.</summary>
    public ExporterOptions Read(ParseResult parsed, out IReadOnlyList<string> problems)
    {
        var options = _arguments.Value(parsed);
        problems = [.. UsageProblems.Of(parsed), .. ExporterOptionsValidator.Validate(options)];
        return options;
    }
}
