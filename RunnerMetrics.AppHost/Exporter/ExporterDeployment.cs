namespace RunnerMetrics.AppHost.Exporter;

/// <summary>
/// How the exporter runs in production, defined once. The AppHost publishes it, deploy/compose/exporter.yml is the hand-written form, and a test compares each with this.
/// </summary>
/// <remarks>
/// Aspire's model of a compose file cannot express two settings of the committed file: <c>pids_limit</c>, and the name of a volume. It can express a memory limit only under
/// <c>deploy</c>.
/// </remarks>
internal static class ExporterDeployment
{
    public const string Service = "exporter";

    /// <summary>The image and its version, which is VERSION's.</summary>
    public const string ImageName = "runner-metrics/exporter";
    public const string ImageTag = "2.3.0";
    public const string Image = "${RUNNER_METRICS_EXPORTER_IMAGE:-" + ImageName + ":" + ImageTag + "}";

    /// <summary>The image's own user, which is not root.</summary>
    public const int UserId = 1654;
    public const string User = "1654:1654";

    public const int HttpPort = 9091;
    public const int GrpcPort = 9095;

    public const string Volume = "exporter-data";
    public const string VolumeName = "${RUNNER_METRICS_VOLUME:-runner-metrics-data}";
    public const string DataFolder = "/data";

    public const string TokensSecret = "tokens";
    public const string TokensFile = "${RUNNER_METRICS_TOKENS:-./secrets/tokens}";

    public const string Memory = "${RUNNER_METRICS_MEMORY:-256m}";
    public const int Processes = 256;
    public const string Restart = "unless-stopped";
    public const string StopGracePeriod = "30s";

    public const string HealthInterval = "30s";
    public const string HealthTimeout = "5s";
    public const int HealthRetries = 3;
    public const string HealthStartPeriod = "60s";

    public const string LogDriver = "json-file";

    /// <summary>On loopback by default.</summary>
    public static readonly string[] Ports =
    [
        "${RUNNER_METRICS_HTTP_ADDRESS:-127.0.0.1:9091}:9091",
        "${RUNNER_METRICS_GRPC_ADDRESS:-127.0.0.1:9095}:9095",
    ];

    public static readonly string[] DroppedCapabilities = ["ALL"];
    public static readonly string[] SecurityOptions = ["no-new-privileges:true"];
    public static readonly string[] HealthTest = ["CMD", "/usr/local/bin/runner-metrics-exporter", "health"];

    public static readonly IReadOnlyDictionary<string, string> Environment = new Dictionary<string, string>
    {
        ["RUNNER_METRICS_BIND"] = "0.0.0.0",
        ["RUNNER_METRICS_DATA"] = DataFolder,
        ["RUNNER_METRICS_TOKEN_FILE"] = "/run/secrets/tokens",

        // The ports are published on loopback: who publishes them wider gives RUNNER_METRICS_READ_TOKEN_FILE instead.
        ["RUNNER_METRICS_OPEN_PAGE"] = "true",
    };

    public static readonly IReadOnlyDictionary<string, string> LogOptions = new Dictionary<string, string> { ["max-size"] = "10m", ["max-file"] = "3" };
}
