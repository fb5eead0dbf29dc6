using System.Net;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>The answer is not from a gRPC server: a proxy, or another port.</summary>
internal sealed class NotGrpcException(HttpStatusCode status, string message) : HttpRequestException(message, null, status);
