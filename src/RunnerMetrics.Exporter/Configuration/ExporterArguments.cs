using System.CommandLine;
using System.Net;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Secrets;
using RunnerMetrics.Hosting.CommandLine;

namespace RunnerMetrics.Exporter.Configuration;

/// <summary>The exporter's options, each described once.</summary>
internal sealed class ExporterArguments(ProgramOptions options)
{
    private static readonly ExporterOptions Defaults = new();

    /// <summary>The limits fit what the process may use: the limit of its heap, or of its container, else the machine's.</summary>
    private static readonly FleetOptions FleetDefaults = new FleetOptions().FitTo(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    private static readonly ValueKind<IReadOnlyList<string>> Patterns = Texts.List("PATTERNS");

    private readonly ProgramOption<int> _grpcPort = options.Describe("--grpc-port", Numbers.Port, Defaults.GrpcPort, "Port of the collector for agents (gRPC)");

    private readonly ProgramOption<TimeSpan?> _history = options.Describe(
        "--history", Durations.OrOff, Defaults.History, "How long single jobs and deployments are kept, or off");

    private readonly ProgramOption<int> _historyMegabytes = options.Describe(
        "--history-megabytes", Numbers.Whole, Defaults.HistoryMegabytes, "Maximum size of the store; beyond it the oldest history is deleted");

    private readonly ProgramOption<bool> _grpcReflection = options.Flag("--grpc-reflection", "Describe the collector's services to tools such as grpcurl");

    private readonly ProgramOption<int> _tokenNewRunners = options.Describe(
        "--token-new-runners", Numbers.Whole, Defaults.TokenLimits.NewRunnersPerHour, "How many new runners one token may report in an hour");

    private readonly ProgramOption<int> _tokenEvents = options.Describe(
        "--token-events", Numbers.Whole, Defaults.TokenLimits.EventsPerMinute, "How many events one token may send in a minute");

    private readonly ProgramOption<string?> _readTokenFile = options.Text(
        "--read-token-file", "FILE", "File of the bearer tokens that open the page, the API and /metrics, one a line; people sign in with one");

    private readonly ProgramOption<bool> _openPage = options.Flag(
        "--open-page", "Open the page and the API to anyone who can reach --bind, if that is more than this machine");

    private readonly ProgramOption<string?> _webhookSecretFile = options.Text(
        "--webhook-secret-file", "FILE", "File with the secrets for GitHub's webhooks, one per line; without it, webhooks are off");

    private readonly ProgramOption<bool> _webhooksWithoutSecret = options.Flag(
        "--webhooks-without-secret", "Accept unsigned webhooks, from this machine only, for tests");

    private readonly ProgramOption<WebhookJobs> _webhookJobs = options.Describe(
        "--webhook-jobs", Texts.OneOf("WHICH", ("all", WebhookJobs.All), ("known", WebhookJobs.Known)), Defaults.WebhookJobs,
        "Jobs that webhooks count: all, or those of runners with an agent (known)");

    private readonly ProgramOption<IReadOnlyDictionary<string, string>> _runnerTypeLabels = options.Describe(
        "--runner-type-labels", Texts.Pairs("LABEL=TYPE", "gpu=chrome,arc-set=standard"), Defaults.RunnerTypeLabels,
        "Runner types for labels: gpu=chrome,arc-set=standard");

    private readonly ProgramOption<IReadOnlyList<string>> _ephemeralRunners = options.Describe(
        "--ephemeral-runners", Patterns, Defaults.EphemeralRunnerNames, "Names of runners without an agent that take one job: arc-*");

    private readonly ProgramOption<IReadOnlyList<string>> _repositories = options.Describe(
        "--repositories", Patterns, Defaults.Repositories, "Repositories whose names are stored, left out (!) or hashed (#): acme/*,!acme/secret-*,#acme/private-*");

    private readonly ProgramOption<IReadOnlyList<string>> _workflowRepositories = options.Describe(
        "--workflow-repositories", Patterns, FleetDefaults.WorkflowRepositories, "Repositories that are counted by workflow: acme/shop,acme-labs/*");

    private readonly ProgramOption<IReadOnlyList<string>> _deploymentEnvironments = options.Describe(
        "--deployment-environments", Patterns, FleetDefaults.DeploymentEnvironments, "Environments whose deployments count: production,live-*");

    private readonly ProgramOption<IReadOnlyList<string>> _incidentRepositories = options.Describe(
        "--incident-repositories", Patterns, FleetDefaults.IncidentRepositories, "Repositories whose incidents and reworks are reported: acme/shop,acme-labs/*");

    private readonly ProgramOption<TimeSpan> _queuedFor = options.Describe(
        "--queued-for", Durations.Any, FleetDefaults.QueuedFor, "How long a job that no runner takes counts as waiting");

    private readonly ProgramOption<string?> _tlsKey = options.Text("--tls-key", "FILE", "PEM key of the certificate");

    private readonly ProgramOption<bool> _runtimeMetrics = options.Flag(
        "--runtime-metrics", "Serve .NET's, Kestrel's and the HTTP server's own instruments at /metrics/runtime");

    private readonly ProgramOption<bool> _traceStarts = options.Flag(
        "--trace-starts", "With an OTLP endpoint: add a span to a run's trace as soon as a job has started, and not only once it has ended");

    private readonly ProgramOption<bool> _otlpFleetMetrics = options.Flag(
        "--otlp-fleet-metrics", "Send the fleet's metrics to the OTLP endpoint, by OpenTelemetry's semantic conventions for CI/CD");

    private readonly ProgramOption<TimeSpan> _offlineAfter = options.Describe("--offline-after", Durations.Any, FleetDefaults.OfflineAfter, "Time without a heartbeat after which a runner is offline");

    private readonly ProgramOption<TimeSpan> _lostAfter = options.Describe("--lost-after", Durations.Any, FleetDefaults.LostAfter, "Time without news after which a job counts as lost");

    private readonly ProgramOption<TimeSpan> _retention = options.Describe("--retention", Durations.Any, FleetDefaults.Retention, "How long an offline runner keeps its series");

    private readonly ProgramOption<int> _maxRunners = options.Describe("--max-runners", Numbers.Whole, FleetDefaults.MaxRunners, "Maximum of runners with their own series");

    private readonly ProgramOption<int> _maxLabelSets = options.Describe("--max-label-sets", Numbers.Whole, FleetDefaults.MaxLabelSets, "Maximum of label sets in a metric family whose labels come from outside");

    /// <summary>As whom GitHub's API is asked.</summary>
    public GitHubArguments GitHub { get; } = new(options);

    /// <summary>Where <c>/metrics</c> is; <c>METRICS_PORT</c> is what the existing runner images call it.</summary>
    public ProgramOption<int> HttpPort { get; } = options.Describe("--http-port", Numbers.Port, Defaults.HttpPort, "Port of the page, the API, /metrics, /health and /ready", "METRICS_PORT");

    public ProgramOption<IPAddress> Bind { get; } = options.Describe("--bind", Addresses.Bind, Defaults.Bind, "Address to listen on; anything but loopback needs --token-file");

    public ProgramOption<string?> Data { get; } = options.Text("--data", "DIR", "Folder for data that must survive a restart");

    public ProgramOption<string?> TokenFile { get; } = options.Text(
        "--token-file", "FILE", "File with the agents' bearer tokens, one per line, each optionally followed by what it allows: runners=build-* scope=github.com/acme events=runners");

    public ProgramOption<string?> TlsCertificate { get; } = options.Text("--tls-certificate", "FILE", "PEM certificate chain for both ports");

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All =>
    [
        HttpPort, _grpcPort, Bind, Data, _history, _historyMegabytes, _grpcReflection, TokenFile, _tokenNewRunners, _tokenEvents, _readTokenFile, _openPage, _webhookSecretFile, _webhooksWithoutSecret, _webhookJobs,
        _runnerTypeLabels, _ephemeralRunners, _repositories, _workflowRepositories, _deploymentEnvironments, _incidentRepositories, _queuedFor, .. GitHub.All, TlsCertificate, _tlsKey, _runtimeMetrics,
        _traceStarts, _otlpFleetMetrics, _offlineAfter, _lostAfter, _retention, _maxRunners, _maxLabelSets,
    ];

    /// <summary>The given options, not yet validated as a whole.</summary>
    public ExporterOptions Value(ParseResult parsed) => new()
    {
        HttpPort = HttpPort.Value(parsed),
        GrpcPort = _grpcPort.Value(parsed),
        Bind = Bind.Value(parsed),
        DataDirectory = Data.Value(parsed),
        History = _history.Value(parsed),
        HistoryMegabytes = _historyMegabytes.Value(parsed),
        GrpcReflection = _grpcReflection.Value(parsed),
        TokenFile = TokenFile.Value(parsed),
        TokenLimits = new TokenLimits(_tokenNewRunners.Value(parsed), _tokenEvents.Value(parsed)),
        ReadTokenFile = _readTokenFile.Value(parsed),
        OpenPage = _openPage.Value(parsed),
        WebhookSecretFile = _webhookSecretFile.Value(parsed),
        WebhooksWithoutSecret = _webhooksWithoutSecret.Value(parsed),
        WebhookJobs = _webhookJobs.Value(parsed),
        RunnerTypeLabels = _runnerTypeLabels.Value(parsed),
        EphemeralRunnerNames = _ephemeralRunners.Value(parsed),
        Repositories = _repositories.Value(parsed),
        GitHub = GitHub.Value(parsed),
        TlsCertificate = TlsCertificate.Value(parsed),
        TlsKey = _tlsKey.Value(parsed),
        ServesRuntimeMetrics = _runtimeMetrics.Value(parsed),
        TraceStarts = _traceStarts.Value(parsed),
        SendsFleetMetrics = _otlpFleetMetrics.Value(parsed),
        Fleet = FleetDefaults with
        {
            OfflineAfter = _offlineAfter.Value(parsed),
            LostAfter = _lostAfter.Value(parsed),
            Retention = _retention.Value(parsed),
            QueuedFor = _queuedFor.Value(parsed),
            WorkflowRepositories = _workflowRepositories.Value(parsed),
            DeploymentEnvironments = _deploymentEnvironments.Value(parsed),
            IncidentRepositories = _incidentRepositories.Value(parsed),
            MaxRunners = _maxRunners.Value(parsed),
            MaxRunnerRecords = Math.Max(FleetDefaults.MaxRunnerRecords, _maxRunners.Value(parsed)),
            MaxLabelSets = _maxLabelSets.Value(parsed),
        },
    };
}
