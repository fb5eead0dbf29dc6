using System.Net.Http.Headers;
using Google.Protobuf;
using RunnerMetrics.Exporter.FleetMetrics.Otlp;
using RunnerMetrics.Exporter.Traces;

namespace RunnerMetrics.Exporter.FleetMetrics;

/// <summary>A collector that is reached over HTTP.</summary>
internal sealed class HttpReceiver : IMetricsReceiver
{
    private const int LongestAnswer = 1024 * 1024;

    private readonly FleetMetricsOptions _options;
    private readonly HttpClient _client;

    public HttpReceiver(FleetMetricsOptions options)
    {
        _options = options;
        _client = FleetMetricsOptions.NewClient();
        _client.MaxResponseContentBufferSize = LongestAnswer;
    }

    public async Task<long> SendAsync(ExportRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, _options.Endpoint) { Content = new ByteArrayContent(request.ToByteArray()) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        foreach (var (name, value) in _options.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await _client.SendAsync(message, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return PartialSuccess.RejectedIn(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    public void Dispose() => _client.Dispose();
}
