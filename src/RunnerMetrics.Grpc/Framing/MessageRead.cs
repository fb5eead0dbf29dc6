namespace RunnerMetrics.Grpc;

/// <summary>What a body held: one message, nothing at all, or something that is not one message.</summary>
internal readonly record struct MessageRead<T>(T? Message, GrpcStatus? Failure)
    where T : class
{
    public bool IsEmpty => Message is null && Failure is null;

    public static implicit operator MessageRead<T>(GrpcStatus failure) => new(null, failure);
}
