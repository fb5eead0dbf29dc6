using RunnerMetrics.Hosting.Scraping;

namespace RunnerMetrics.Exporter.Listening;

/// <summary>How much of the process's memory and file descriptors unauthenticated clients may use, all together.</summary>
/// <param name="UnverifiedBytes">The memory for webhooks whose signature is not checked yet.</param>
/// <param name="HttpConnections">The most connections to the HTTP port.</param>
/// <param name="GrpcConnections">The most connections to the collector's port.</param>
internal sealed record EdgeLimits(long UnverifiedBytes, int HttpConnections, int GrpcConnections)
{
    private const long MiB = 1024 * 1024;

    /// <summary>GitHub's largest payload has to fit.</summary>
    private const long LeastUnverified = 26 * MiB;

    private const long MostUnverified = 256 * MiB;

    /// <summary>An HTTP connection may hold a request's head, a part of a body and a part of an answer, and the buffers of TLS.</summary>
    private const long MemoryOfHttpConnection = 512 * 1024;

    /// <summary>An agent's connection is idle but for a moment every few seconds.</summary>
    private const long MemoryOfGrpcConnection = 64 * 1024;

    /// <summary>For the journal, what the runtime loads later, outgoing connections, and connections that are accepted only to be refused.</summary>
    private const int FilesOfOurOwn = 160;

    private const int FewestConnections = 16;
    private const int MostConnections = 65_536;

    /// <summary>What fits the limits of this process.</summary>
    public static EdgeLimits OfThisProcess() => Of(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, ProcessMetrics.FreeFiles());

    /// <param name="memory">The memory that the process may use, in bytes: of the machine, of its control group, or of <c>DOTNET_GCHeapHardLimit</c>.</param>
    /// <param name="files">How many files and connections it may open beside those that are open; null if that is not known.</param>
    public static EdgeLimits Of(long memory, double? files)
    {
        var connections = (int)Math.Clamp((files ?? double.MaxValue) - FilesOfOurOwn, 2 * FewestConnections, 2 * MostConnections);
        var http = (int)Math.Clamp(Math.Min(memory / MemoryOfHttpConnection, connections / 3), FewestConnections, MostConnections);
        var grpc = (int)Math.Clamp(Math.Min(memory / MemoryOfGrpcConnection, connections - http), FewestConnections, MostConnections);
        return new EdgeLimits(Math.Clamp(memory / 8, LeastUnverified, MostUnverified), http, grpc);
    }
}
