using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using RunnerMetrics.Exporter.FleetMetrics.Otlp;
using RunnerMetrics.Exporter.Traces;

namespace RunnerMetrics.Exporter.FleetMetrics;

/// <summary>
/// An OTLP collector: each request is one POST of a message. Over gRPC that is HTTP/2 with a length before the message and a status after the answer, which OpenTelemetry's own exporter writes and reads by
/// itself too: a gRPC client for one call would make the program 0.8 MB larger.
/// </summary>
internal sealed class FleetMetricsCollector : IDisposable
{
    private const string GrpcPath = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
    private const int GrpcPrefix = 5; // not compressed, and the message's length in four bytes
    private const int LongestAnswer = 1024 * 1024;

    private readonly FleetMetricsOptions _options;
    private readonly Uri _address;
    private readonly HttpClient _client;

    public FleetMetricsCollector(FleetMetricsOptions options)
    {
        _options = options;
        _address = options.IsGrpc ? new Uri(options.Endpoint, GrpcPath) : options.Endpoint;
        _client = FleetMetricsOptions.NewClient();
        _client.MaxResponseContentBufferSize = LongestAnswer;
    }

    /// <summary>Sends a request, and waits for its answer.</summary>
    /// <returns>How many of its data points the collector rejected, though it took the request.</returns>
    /// <exception cref="HttpRequestException">It did not take the request, or was not reached.</exception>
    /// <exception cref="OperationCanceledException">It did not answer.</exception>
    public async Task<long> SendAsync(ExportRequest request, CancellationToken cancellationToken)
    {
        using var message = MessageOf(request);
        using var answer = await _client.SendAsync(message, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        if (!_options.IsGrpc)
        {
            return PartialSuccess.RejectedIn(body);
        }

        // A collector that refuses at once has the status in its headers.
        var status = Header(answer.TrailingHeaders, "grpc-status") ?? Header(answer.Headers, "grpc-status") ?? "none";
        return status == "0"
            ? PartialSuccess.RejectedIn(body.AsSpan(Math.Min(GrpcPrefix, body.Length)))
            : throw new HttpRequestException(
                $"gRPC status {status}. {Uri.UnescapeDataString(Header(answer.TrailingHeaders, "grpc-message") ?? Header(answer.Headers, "grpc-message") ?? "")}".TrimEnd());
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage MessageOf(ExportRequest request)
    {
        var bytes = new byte[(_options.IsGrpc ? GrpcPrefix : 0) + request.CalculateSize()];
        var message = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(bytes) };
        if (_options.IsGrpc)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), bytes.Length - GrpcPrefix);
            (message.Version, message.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
            message.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        }

        request.WriteTo(bytes.AsSpan(_options.IsGrpc ? GrpcPrefix : 0));
        message.Content.Headers.ContentType = new MediaTypeHeaderValue(_options.IsGrpc ? "application/grpc" : "application/x-protobuf");
        foreach (var (name, value) in _options.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private static string? Header(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.First() : null;
}
