namespace RunnerMetrics.Grpc;

/// <summary>The status codes of gRPC, numbered as on the wire (grpc/grpc, <c>doc/statuscodes.md</c>).</summary>
public enum GrpcStatusCode
{
    /// <summary>The call succeeded.</summary>
    OK = 0,

    /// <summary>The call was cancelled, usually by its caller.</summary>
    Cancelled = 1,

    /// <summary>An error that nobody classified; a handler's unexpected exception ends here.</summary>
    Unknown = 2,

    /// <summary>The request is wrong, whatever the server's state.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the answer; the call may have taken effect all the same.</summary>
    DeadlineExceeded = 4,

    /// <summary>What was asked for does not exist.</summary>
    NotFound = 5,

    /// <summary>What was to be created exists.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known, and may not.</summary>
    PermissionDenied = 7,

    /// <summary>A limit was hit: a message's size, a quota, the disk.</summary>
    ResourceExhausted = 8,

    /// <summary>The server is not in a state for this call; repeating it does not help.</summary>
    FailedPrecondition = 9,

    /// <summary>The call lost against another one; repeating it may help.</summary>
    Aborted = 10,

    /// <summary>A value lies past a valid range.</summary>
    OutOfRange = 11,

    /// <summary>The server has no such service, method or message encoding.</summary>
    Unimplemented = 12,

    /// <summary>The protocol was broken: a malformed frame, a message that does not parse.</summary>
    Internal = 13,

    /// <summary>The server cannot be reached, is starting or is stopping.</summary>
    Unavailable = 14,

    /// <summary>Data was lost or corrupted.</summary>
    DataLoss = 15,

    /// <summary>The caller sent no credential, or a wrong one.</summary>
    Unauthenticated = 16,
}
