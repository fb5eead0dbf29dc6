namespace RunnerMetrics.Exporter.Listening;

internal static partial class ListeningLog
{
    public static void Limits(ILogger logger, EdgeLimits limits) => Limits(logger, limits.HttpConnections, limits.GrpcConnections, limits.UnverifiedBytes / (1024 * 1024));

    [LoggerMessage(1, LogLevel.Information, "Limits: {Http} connections to the HTTP port, {Grpc} to the collector's, {Unverified} MiB of webhooks whose signature is not checked yet")]
    private static partial void Limits(ILogger logger, int http, int grpc, long unverified);

    [LoggerMessage(2, LogLevel.Warning, "All {Most} connections to the {Port} port are in use: the one that has been idle longest is closed, or else the new one is refused")]
    public static partial void Full(ILogger logger, int most, string port);

    [LoggerMessage(3, LogLevel.Information, "Read {Path} again: new connections get the new certificate")]
    public static partial void NewCertificate(ILogger logger, string path);

    [LoggerMessage(4, LogLevel.Warning, "The certificate {Path} or its key cannot be used ({Problem}): new connections get the previous one")]
    public static partial void BadCertificate(ILogger logger, string path, string problem);
}
