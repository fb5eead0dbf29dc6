using Grpc.Core;
using Grpc.Net.Client;
using RunnerMetrics.Exporter.FleetMetrics.Otlp;

namespace RunnerMetrics.Exporter.FleetMetrics;

/// <summary>A collector that is reached over gRPC.</summary>
internal sealed class GrpcReceiver : IMetricsReceiver
{
    private readonly GrpcChannel _channel;
    private readonly MetricsService.MetricsServiceClient _client;
    private readonly Metadata _headers = [];

    public GrpcReceiver(FleetMetricsOptions options)
    {
        _channel = GrpcChannel.ForAddress(options.Endpoint, new GrpcChannelOptions { HttpClient = FleetMetricsOptions.NewClient(), DisposeHttpClient = true, ThrowOperationCanceledOnCancellation = true });
        _client = new MetricsService.MetricsServiceClient(_channel);
        foreach (var (name, value) in options.Headers)
        {
            _headers.Add(name.ToLowerInvariant(), value);
        }
    }

    public async Task<long> SendAsync(ExportRequest request, CancellationToken cancellationToken)
    {
        var answer = await _client.ExportAsync(request, _headers, cancellationToken: cancellationToken);
        return answer.PartialSuccess?.RejectedDataPoints ?? 0;
    }

    public void Dispose() => _channel.Dispose();
}
