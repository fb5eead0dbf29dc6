using System.Globalization;
using OpenTelemetry.Exporter;

namespace RunnerMetrics.Exporter.FleetMetrics;

/// <summary>Where the fleet's metrics are sent, and how often: OpenTelemetry's own variables, those of metrics first (OpenTelemetry specification, "OTLP exporter configuration").</summary>
/// <param name="Endpoint">The collector; over HTTP with the path of metrics.</param>
/// <param name="IsGrpc">Whether it is sent over gRPC, else as protobuf over HTTP.</param>
/// <param name="Interval">How often.</param>
/// <param name="Timeout">How long a request may take.</param>
internal sealed record FleetMetricsOptions(Uri Endpoint, bool IsGrpc, TimeSpan Interval, TimeSpan Timeout)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_", OfMetrics = Prefix + "METRICS_", IntervalVariable = "OTEL_METRIC_EXPORT_INTERVAL";

    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(60), DefaultTimeout = TimeSpan.FromSeconds(10);

    /// <summary>What every request carries.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>A client for the collector: OpenTelemetry's own, which knows the variables of certificates. A request ends by <see cref="Timeout"/>.</summary>
    public static HttpClient NewClient()
    {
        var client = new OtlpExporterOptions().HttpClientFactory();
        client.Timeout = System.Threading.Timeout.InfiniteTimeSpan;
        return client;
    }

    /// <summary>What is wrong with the variables, and what would be right; null if they are fine.</summary>
    /// <param name="variable">A variable's value; null if it is not set.</param>
    public static string? ProblemOf(Func<string, string?> variable) =>
        Given(variable, "ENDPOINT") is null ? "--otlp-fleet-metrics needs a collector to send to: set OTEL_EXPORTER_OTLP_ENDPOINT, such as http://127.0.0.1:4317"
        : EndpointOf(variable) is null ? "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT is not an address of a collector: give one such as http://127.0.0.1:4318/v1/metrics, or leave it out"
        : Given(variable, "PROTOCOL") is not (null or "grpc" or "http/protobuf") ? "OTEL_EXPORTER_OTLP_PROTOCOL, or its METRICS variant, is no protocol that metrics are sent by: give grpc or http/protobuf"
        : null;

    /// <summary>The variables' values. What is no number is as if it were not set.</summary>
    /// <exception cref="InvalidOperationException"><see cref="ProblemOf"/> says what is wrong.</exception>
    public static FleetMetricsOptions Read(Func<string, string?> variable)
    {
        if (ProblemOf(variable) is { } problem)
        {
            throw new InvalidOperationException(problem);
        }

        return new FleetMetricsOptions(
            EndpointOf(variable)!, IsGrpcGiven(variable), Milliseconds(variable(IntervalVariable)) ?? DefaultInterval, Milliseconds(Given(variable, "TIMEOUT")) ?? DefaultTimeout)
        {
            Headers = HeadersOf(Given(variable, "HEADERS") ?? ""),
        };
    }

    // The address of metrics is whole; that of all signals is where they begin.
    private static Uri? EndpointOf(Func<string, string?> variable)
    {
        var ofMetrics = Text(variable(OfMetrics + "ENDPOINT"));
        var text = ofMetrics ?? Text(variable(Prefix + "ENDPOINT")) ?? "";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            return null;
        }

        return ofMetrics is not null || IsGrpcGiven(variable) ? address : new Uri($"{address.GetLeftPart(UriPartial.Path).TrimEnd('/')}/v1/metrics{address.Query}");
    }

    // OpenTelemetry for .NET sends by gRPC where nothing else is said.
    private static bool IsGrpcGiven(Func<string, string?> variable) => Given(variable, "PROTOCOL") is null or "grpc";

    private static string? Given(Func<string, string?> variable, string name) => Text(variable(OfMetrics + name)) ?? Text(variable(Prefix + name));

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static TimeSpan? Milliseconds(string? value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds > 0 ? TimeSpan.FromMilliseconds(milliseconds) : null;

    // x-otlp-api-key=1234,tenant=a%20b (W3C Baggage without its properties)
    private static List<KeyValuePair<string, string>> HeadersOf(string text) =>
    [
        .. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(pair => pair.Split('=', 2, StringSplitOptions.TrimEntries))
            .Where(pair => pair is [{ Length: > 0 }, _]).Select(pair => KeyValuePair.Create(Uri.UnescapeDataString(pair[0]), Uri.UnescapeDataString(pair[1]))),
    ];
}
