using System.Collections.Immutable;
using System.Net;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Secrets;

namespace RunnerMetrics.Exporter.Configuration;

/// <summary>How an exporter runs. The defaults are for one machine.</summary>
public sealed record ExporterOptions
{
    /// <summary>The port of <c>/metrics</c>, <c>/health</c>, <c>/ready</c> and the page; 0 takes any free one.</summary>
    public int HttpPort { get; init; } = 9091;

    /// <summary>The port of the collector, HTTP/2 only; 0 takes any free one.</summary>
    public int GrpcPort { get; init; } = 9095;

    /// <summary>The address that both ports are bound to. Anything but loopback needs <see cref="TokenFile"/>.</summary>
    public IPAddress Bind { get; init; } = IPAddress.Loopback;

    /// <summary>Another address for the collector's port, or null: <see cref="Bind"/>. With loopback here, <see cref="Bind"/> needs no token.</summary>
    public IPAddress? GrpcBind { get; init; }

    /// <summary>The folder for data that must survive a restart, or null to store nothing.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>How long single jobs and deployments are kept; null if they are not.</summary>
    public TimeSpan? History { get; init; } = TimeSpan.FromDays(90);

    /// <summary>How many megabytes of the store may be in use before the oldest history is deleted.</summary>
    public int HistoryMegabytes { get; init; } = 2000;

    /// <summary>A file of bearer tokens, one per line, each of them valid, followed by what it allows; null if no token is required.</summary>
    public string? TokenFile { get; init; }

    /// <summary>A file of bearer tokens, one per line, each of which opens the page, the API and <c>/metrics</c>; null if reading needs none.</summary>
    public string? ReadTokenFile { get; init; }

    /// <summary>Whether the page and the API are open to anyone who can reach <see cref="Bind"/>, even if that is not loopback, and under any host name.</summary>
    public bool OpenPage { get; init; }

    /// <summary>The budgets of each token of <see cref="TokenFile"/>.</summary>
    public TokenLimits TokenLimits { get; init; } = new();

    /// <summary>Whether the collector's port describes its services to tools such as grpcurl (<c>grpc.reflection.v1</c>).</summary>
    public bool GrpcReflection { get; init; }

    /// <summary>A file of the secrets that webhooks are signed with, one per line, each of them valid; null if there are no webhooks, but for <see cref="WebhooksWithoutSecret"/>.</summary>
    public string? WebhookSecretFile { get; init; }

    /// <summary>Whether unsigned webhooks are accepted from programs on this machine, for tests. Only if <see cref="Bind"/> is loopback.</summary>
    public bool WebhooksWithoutSecret { get; init; }

    /// <summary>Which jobs webhooks count.</summary>
    public WebhookJobs WebhookJobs { get; init; }

    /// <summary>The type of runner that a label, in lower case, asks for. Other labels name a type by its own word.</summary>
    public IReadOnlyDictionary<string, string> RunnerTypeLabels { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Names, <c>*</c> and <c>?</c> in them, of runners without an agent that take one job and exit.</summary>
    public IReadOnlyList<string> EphemeralRunnerNames { get; init; } = [];

    /// <summary>Whether webhooks are let in at all.</summary>
    public bool ServesWebhooks => WebhookSecretFile is not null || WebhooksWithoutSecret;

    /// <summary>
    /// Which repository names are stored, with <c>*</c> and <c>?</c>: those of <c>acme/*</c>, not those of <c>!acme/secret-*</c>, a hash of those of <c>#acme/private-*</c>; none: all are.
    /// </summary>
    public IReadOnlyList<string> Repositories { get; init; } = [];

    /// <summary>Whether, and as whom, GitHub's REST API is asked.</summary>
    public GitHubOptions GitHub { get; init; } = new();

    /// <summary>A PEM certificate chain for both ports, or null for plain text.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>The certificate's PEM key.</summary>
    public string? TlsKey { get; init; }

    /// <summary>Whether <c>/metrics/runtime</c> serves the instruments of .NET, of Kestrel and of the HTTP server.</summary>
    public bool ServesRuntimeMetrics { get; init; }

    /// <summary>Whether the trace of a run has a span as soon as a job has started, and not only once it has ended.</summary>
    public bool TraceStarts { get; init; }

    /// <summary>Whether the fleet's metrics are sent by OTLP too.</summary>
    public bool SendsFleetMetrics { get; init; }

    /// <summary>The limits of the fleet's state.</summary>
    public FleetOptions Fleet { get; init; } = new();
}
