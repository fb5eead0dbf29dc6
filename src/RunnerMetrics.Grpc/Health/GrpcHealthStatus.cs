namespace RunnerMetrics.Grpc;

/// <summary>How a service is, as <c>grpc.health.v1</c> tells it; numbered as on the wire.</summary>
public enum GrpcHealthStatus
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Takes calls.</summary>
    Serving = 1,

    /// <summary>Takes no calls now.</summary>
    NotServing = 2,
}
