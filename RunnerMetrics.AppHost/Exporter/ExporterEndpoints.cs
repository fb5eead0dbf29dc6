namespace RunnerMetrics.AppHost.Exporter;

/// <summary>The exporter's endpoints.</summary>
internal static class ExporterEndpoints
{
    /// <summary><c>/metrics</c>, the live page, its API and the webhooks.</summary>
    public const string Http = "http";

    /// <summary>What agents report to.</summary>
    public const string Grpc = "grpc";
}
