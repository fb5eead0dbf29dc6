using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Standalone;

internal static partial class StandaloneLog
{
    [LoggerMessage(500, LogLevel.Information, "Metrics at {Http}/metrics. The live page is at {Http}/.")]
    public static partial void Serving(ILogger logger, string http);

    [LoggerMessage(501, LogLevel.Error, "The metrics cannot be served: {Problem} Choose another port with --http-port, or stop the program that uses it.")]
    public static partial void NotServing(ILogger logger, string problem);
}
