using System.CommandLine;
using System.Globalization;
using System.Net;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Secrets;

namespace RunnerMetrics.Exporter.Configuration;

/// <summary>
/// The command line. Each option has an environment variable of the same name: <c>--http-port</c> is <c>RUNNER_METRICS_HTTP_PORT</c>.
/// What the command line says counts more.
/// </summary>
internal sealed class ExporterCommand
{
    private static readonly FleetOptions FleetDefaults = new FleetOptions().FitTo(MemoryAtHand);
    private static readonly ExporterOptions Defaults = new();

    private readonly Option<int> _httpPort;
    private readonly Option<int> _grpcPort;
    private readonly Option<IPAddress> _bind;
    private readonly Option<string?> _data;
    private readonly Option<TimeSpan?> _history;
    private readonly Option<int> _historyMegabytes;
    private readonly Option<bool> _grpcReflection;
    private readonly Option<string?> _tokenFile;
    private readonly Option<int> _tokenNewRunners;
    private readonly Option<int> _tokenEvents;
    private readonly Option<string?> _webhookSecretFile;
    private readonly Option<bool> _webhooksWithoutSecret;
    private readonly Option<WebhookJobs> _webhookJobs;
    private readonly Option<IReadOnlyDictionary<string, string>> _runnerTypeLabels;
    private readonly Option<IReadOnlyList<string>> _ephemeralRunners;
    private readonly Option<IReadOnlyList<string>> _repositories;
    private readonly Option<IReadOnlyList<string>> _workflowRepositories;
    private readonly Option<IReadOnlyList<string>> _deploymentEnvironments;
    private readonly Option<IReadOnlyList<string>> _incidentRepositories;
    private readonly Option<TimeSpan> _queuedFor;
    private readonly Option<string?> _tlsCertificate;
    private readonly Option<string?> _tlsKey;
    private readonly Option<bool> _runtimeMetrics;
    private readonly Option<TimeSpan> _offlineAfter;
    private readonly Option<TimeSpan> _lostAfter;
    private readonly Option<TimeSpan> _retention;
    private readonly Option<int> _maxRunners;
    private readonly Option<int> _maxLabelSets;
    private readonly Func<string, string?> _environment;
    private readonly List<string> _problems = [];

    /// <summary>What the process may use: the limit of its heap, or of its container, else the machine's.</summary>
    private static long MemoryAtHand => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>A command line that reads the variables given.</summary>
    public ExporterCommand(Func<string, string?> environment)
    {
        _environment = environment;
        _httpPort = Number("--http-port", Defaults.HttpPort, "Port of /metrics, /health, /ready and the status page", "METRICS_PORT");
        _grpcPort = Number("--grpc-port", Defaults.GrpcPort, "Port of the collector that agents report to (gRPC)");
        _bind = Make("--bind", Defaults.Bind, "Address to listen on; anything but loopback needs --token-file", ParseAddress);
        _data = Text("--data", "Folder for what must outlive the process");
        _history = Make("--history", Defaults.History, "For how long jobs and deployments are kept one by one: 90d …, or off", Durations.ParseOrOff);
        _historyMegabytes = Number("--history-megabytes", Defaults.HistoryMegabytes, "How large the store may be before the oldest of the history goes");
        _grpcReflection = Flag("--grpc-reflection", "Describe the collector's services to tools such as grpcurl");
        _tokenFile = Text("--token-file", "File of the bearer tokens that agents may use, one a line, each with what it speaks for behind it: runners=build-* scope=github.com/acme events=runners");
        _tokenNewRunners = Number("--token-new-runners", Defaults.TokenLimits.NewRunnersPerHour, "How many new runners one token may bring up in an hour");
        _tokenEvents = Number("--token-events", Defaults.TokenLimits.EventsPerMinute, "How many events one token may send in a minute");
        _webhookSecretFile = Text("--webhook-secret-file", "File of the secrets that GitHub may sign webhooks with, one a line; without it there are none");
        _webhooksWithoutSecret = Flag("--webhooks-without-secret", "Take webhooks that nobody signed, from this machine only: to try things out");
        _webhookJobs = Make("--webhook-jobs", Defaults.WebhookJobs, "Jobs that webhooks count: all, or those of runners with an agent (known)", Lists.ParseWebhookJobs);
        _runnerTypeLabels = Make("--runner-type-labels", Defaults.RunnerTypeLabels, "Types of runners that labels ask for: gpu=chrome,arc-set=standard …", Lists.ParseLabels);
        _ephemeralRunners = Make("--ephemeral-runners", Defaults.EphemeralRunnerNames, "Names of runners without an agent that take one job: arc-* …", Lists.Parse);
        _repositories = Make("--repositories", Defaults.Repositories, "Repositories whose names are kept, left out (!) or hashed (#): acme/*,!acme/secret-*,#acme/private-* …", Lists.Parse);
        _workflowRepositories = Make("--workflow-repositories", FleetDefaults.WorkflowRepositories, "Repositories that are counted by workflow: acme/shop,acme-labs/* …", Lists.Parse);
        _deploymentEnvironments = Make("--deployment-environments", FleetDefaults.DeploymentEnvironments, "Environments whose deployments count: production,live-* …", Lists.Parse);
        _incidentRepositories = Make("--incident-repositories", FleetDefaults.IncidentRepositories, "Repositories whose incidents and reworks are reported: acme/shop,acme-labs/* …", Lists.Parse);
        _queuedFor = Make("--queued-for", FleetDefaults.QueuedFor, "For how long a job that no runner takes counts as waiting: 24h …", Durations.Parse);
        _tlsCertificate = Text("--tls-certificate", "PEM certificate chain for both ports");
        _tlsKey = Text("--tls-key", "PEM key of the certificate");
        _runtimeMetrics = Flag("--runtime-metrics", "Serve .NET's, Kestrel's and the HTTP server's own instruments at /metrics/runtime");
        _offlineAfter = Make("--offline-after", FleetDefaults.OfflineAfter, "Silence after which a runner is offline: 30s, 2m …", Durations.Parse);
        _lostAfter = Make("--lost-after", FleetDefaults.LostAfter, "Silence after which a job counts as lost: 48h …", Durations.Parse);
        _retention = Make("--retention", FleetDefaults.Retention, "How long a runner that is gone keeps its series: 7d …", Durations.Parse);
        _maxRunners = Number("--max-runners", FleetDefaults.MaxRunners, "How many runners may have series of their own");
        _maxLabelSets = Number("--max-label-sets", FleetDefaults.MaxLabelSets, "How many values a label from outside may have");
        Root = new RootCommand("Keeps what happens on GitHub Actions runners, and serves it to Prometheus.")
        {
            _httpPort, _grpcPort, _bind, _data, _history, _historyMegabytes, _grpcReflection, _tokenFile, _tokenNewRunners, _tokenEvents, _webhookSecretFile, _tlsCertificate, _tlsKey, _runtimeMetrics,
            _webhooksWithoutSecret, _webhookJobs, _runnerTypeLabels, _ephemeralRunners, _repositories, _workflowRepositories, _deploymentEnvironments, _incidentRepositories, _queuedFor,
            _offlineAfter, _lostAfter, _retention, _maxRunners, _maxLabelSets,
        };
    }

    /// <summary>The command, to which the caller gives an action.</summary>
    public RootCommand Root { get; }

    /// <summary>The options that say where an exporter is, and with what it lets in: for commands that talk to the one that runs here.</summary>
    public IEnumerable<Option> AddressOptions => [_httpPort, _bind, _tokenFile, _tlsCertificate];

    /// <summary>The option that names the data folder: for commands that work on it.</summary>
    public Option<string?> DataOption => _data;

    /// <summary>What such a command was told, and every problem in it.</summary>
    public ExporterOptions ReadAddress(ParseResult parsed, out IReadOnlyList<string> problems)
    {
        var options = Defaults with
        {
            HttpPort = parsed.GetValue(_httpPort),
            Bind = parsed.GetValue(_bind)!,
            TokenFile = parsed.GetValue(_tokenFile),
            TlsCertificate = parsed.GetValue(_tlsCertificate),
        };
        problems = [.. _problems, .. ExporterOptionsValidator.ValidateAddress(options)];
        return options;
    }

    /// <summary>What was asked for, and every problem in it.</summary>
    public ExporterOptions Read(ParseResult parsed, out IReadOnlyList<string> problems)
    {
        if (parsed.Errors.Count > 0)
        {
            // A command line that cannot be read has no values.
            problems = [.. parsed.Errors.Select(error => error.Message), .. _problems];
            return Defaults;
        }

        var options = new ExporterOptions
        {
            HttpPort = parsed.GetValue(_httpPort),
            GrpcPort = parsed.GetValue(_grpcPort),
            Bind = parsed.GetValue(_bind)!,
            DataDirectory = parsed.GetValue(_data),
            History = parsed.GetValue(_history),
            HistoryMegabytes = parsed.GetValue(_historyMegabytes),
            GrpcReflection = parsed.GetValue(_grpcReflection),
            TokenFile = parsed.GetValue(_tokenFile),
            TokenLimits = new TokenLimits(parsed.GetValue(_tokenNewRunners), parsed.GetValue(_tokenEvents)),
            WebhookSecretFile = parsed.GetValue(_webhookSecretFile),
            WebhooksWithoutSecret = parsed.GetValue(_webhooksWithoutSecret),
            WebhookJobs = parsed.GetValue(_webhookJobs),
            RunnerTypeLabels = parsed.GetValue(_runnerTypeLabels)!,
            EphemeralRunnerNames = parsed.GetValue(_ephemeralRunners)!,
            Repositories = parsed.GetValue(_repositories)!,
            TlsCertificate = parsed.GetValue(_tlsCertificate),
            TlsKey = parsed.GetValue(_tlsKey),
            ServesRuntimeMetrics = parsed.GetValue(_runtimeMetrics),
            Fleet = FleetDefaults with
            {
                OfflineAfter = parsed.GetValue(_offlineAfter),
                LostAfter = parsed.GetValue(_lostAfter),
                Retention = parsed.GetValue(_retention),
                QueuedFor = parsed.GetValue(_queuedFor),
                WorkflowRepositories = parsed.GetValue(_workflowRepositories)!,
                DeploymentEnvironments = parsed.GetValue(_deploymentEnvironments)!,
                IncidentRepositories = parsed.GetValue(_incidentRepositories)!,
                MaxRunners = parsed.GetValue(_maxRunners),
                MaxRunnerRecords = Math.Max(FleetDefaults.MaxRunnerRecords, parsed.GetValue(_maxRunners)),
                MaxLabelSets = parsed.GetValue(_maxLabelSets),
            },
        };
        problems = [.. _problems, .. ExporterOptionsValidator.Validate(options)];
        return options;
    }

    private Option<int> Number(string name, int fallback, string description, string? alsoVariable = null) =>
        Make(name, fallback, description, ParseNumber, alsoVariable);

    // true or false as the environment's word; the bare option on the command line.
    private Option<bool> Flag(string name, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ =>
        {
            if (FromEnvironment(name) is not { } given)
            {
                return false;
            }

            if (!bool.TryParse(given, out var isOn))
            {
                _problems.Add($"{VariableOf(name)} '{given}': is neither true nor false");
            }

            return isOn;
        },
    };

    private Option<string?> Text(string name, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => FromEnvironment(name) };

    // A value comes from the command line, else from the environment, else it is the default.
    private Option<T> Make<T>(string name, T fallback, string description, Func<string, (T? Value, string? Problem)> parse, string? alsoVariable = null)
    {
        // A value that is wrong is noted, and the default stands in for it, so that the other problems are found as well.
        T Read(string text, string source)
        {
            var (value, wrong) = parse(text);
            if (wrong is null)
            {
                return value!;
            }

            _problems.Add($"{source} '{text}': {wrong}");
            return fallback;
        }

        var variable = VariableOf(name);
        return new Option<T>(name)
        {
            Description = description,
            CustomParser = result => Read(result.Tokens[0].Value, name),
            DefaultValueFactory = _ => _environment(variable) is { Length: > 0 } own ? Read(own, variable)
                : alsoVariable is not null && _environment(alsoVariable) is { Length: > 0 } other ? Read(other, alsoVariable)
                : fallback,
        };
    }

    private string? FromEnvironment(string option) => _environment(VariableOf(option)) is { Length: > 0 } value ? value : null;

    private static string VariableOf(string option) =>
        "RUNNER_METRICS_" + option.TrimStart('-').Replace('-', '_').ToUpperInvariant();

    private static (int Value, string? Problem) ParseNumber(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (number, null)
            : (0, "is not a whole number");

    private static (IPAddress? Value, string? Problem) ParseAddress(string text) =>
        text is "localhost" ? (IPAddress.Loopback, null)
        : IPAddress.TryParse(text, out var address) && text.AsSpan().ContainsAny('.', ':') ? (address, null) // a bare number is an address too
        : (null, "is not an IP address: give one such as 127.0.0.1 or 0.0.0.0");
}
