namespace RunnerMetrics.Grpc.Health;

internal static class HealthMethods
{
    public static readonly GrpcMethod<HealthCheckRequest, HealthCheckResponse> Check =
        new("grpc.health.v1.Health", "Check", HealthCheckRequest.Parser, HealthCheckResponse.Parser);

    public static HealthCheckResponse Answer(HealthCheckRequest request, Func<string, GrpcHealthStatus?> status) =>
        status(request.Service) is { } known
            ? new HealthCheckResponse { Status = (HealthCheckResponse.Types.ServingStatus)known }
            : throw new GrpcException(GrpcStatusCode.NotFound, "This server has no such service.");
}
