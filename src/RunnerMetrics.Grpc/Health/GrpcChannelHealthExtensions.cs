using RunnerMetrics.Grpc.Health;

namespace RunnerMetrics.Grpc;

/// <summary>Asks a server how it is.</summary>
public static class GrpcChannelHealthExtensions
{
    /// <summary>Calls <c>grpc.health.v1.Health/Check</c>.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="service">The service; "" for the whole server.</param>
    /// <param name="deadline">How long to wait; null for as long as it takes.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <exception cref="GrpcException">The call failed; NOT_FOUND where the server does not know the service.</exception>
    public static async Task<GrpcHealthStatus> CheckHealthAsync(
        this GrpcChannel channel, string service = "", TimeSpan? deadline = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        HealthCheckResponse response = await channel.CallAsync(
            HealthMethods.Check, new HealthCheckRequest { Service = service }, deadline, cancellationToken);
        return response.Status switch
        {
            HealthCheckResponse.Types.ServingStatus.Serving => GrpcHealthStatus.Serving,
            HealthCheckResponse.Types.ServingStatus.NotServing => GrpcHealthStatus.NotServing,
            _ => GrpcHealthStatus.Unknown,
        };
    }
}
