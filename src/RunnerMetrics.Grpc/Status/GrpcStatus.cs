namespace RunnerMetrics.Grpc;

/// <summary>How a call ended.</summary>
/// <param name="Code">The status code.</param>
/// <param name="Message">What was wrong, for a person; any text, sent percent-encoded and cut at 4096 encoded bytes.</param>
public readonly record struct GrpcStatus(GrpcStatusCode Code, string Message);
