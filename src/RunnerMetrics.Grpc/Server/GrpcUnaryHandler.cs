namespace RunnerMetrics.Grpc;

/// <summary>
/// Answers a unary call. A <see cref="GrpcException"/> is an answer too; of any other exception the client sees
/// UNKNOWN and nothing of its text, and the log has the rest.
/// </summary>
/// <typeparam name="TRequest">The request's message.</typeparam>
/// <typeparam name="TResponse">The response's message.</typeparam>
/// <param name="request">The request, parsed.</param>
/// <param name="context">The call; its cancellation token fires at the deadline and when the client goes away.</param>
/// <returns>The response.</returns>
public delegate ValueTask<TResponse> GrpcUnaryHandler<TRequest, TResponse>(TRequest request, GrpcCallContext context);
