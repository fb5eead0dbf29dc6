using YamlDotNet.Serialization;

namespace RunnerMetrics.AppHost.Exporter.Publishing;

/// <summary><see cref="ExporterDeployment"/> as a compose file.</summary>
internal static class ExporterComposeFile
{
    /// <summary>Its text.</summary>
    public static string Write() => new SerializerBuilder().WithQuotingNecessaryStrings().WithIndentedSequences().Build().Serialize(new Dictionary<string, object>
    {
        ["services"] = new Dictionary<string, object> { [ExporterDeployment.Service] = Service() },
        ["secrets"] = One(ExporterDeployment.TokensSecret, One("file", ExporterDeployment.TokensFile)),
        ["volumes"] = One(ExporterDeployment.Volume, One("name", ExporterDeployment.VolumeName)),
    });

    private static Dictionary<string, object> Service() => new()
    {
        ["image"] = ExporterDeployment.Image,
        ["user"] = ExporterDeployment.User,
        ["read_only"] = true,
        ["cap_drop"] = ExporterDeployment.DroppedCapabilities,
        ["security_opt"] = ExporterDeployment.SecurityOptions,
        ["environment"] = ExporterDeployment.Environment,
        ["secrets"] = new[] { ExporterDeployment.TokensSecret },
        ["volumes"] = new[] { $"{ExporterDeployment.Volume}:{ExporterDeployment.DataFolder}" },
        ["ports"] = ExporterDeployment.Ports,
        ["mem_limit"] = ExporterDeployment.Memory,
        ["pids_limit"] = ExporterDeployment.Processes,
        ["restart"] = ExporterDeployment.Restart,
        ["stop_grace_period"] = ExporterDeployment.StopGracePeriod,
        ["healthcheck"] = new Dictionary<string, object>
        {
            ["test"] = ExporterDeployment.HealthTest,
            ["interval"] = ExporterDeployment.HealthInterval,
            ["timeout"] = ExporterDeployment.HealthTimeout,
            ["retries"] = ExporterDeployment.HealthRetries,
            ["start_period"] = ExporterDeployment.HealthStartPeriod,
        },
        ["logging"] = new Dictionary<string, object> { ["driver"] = ExporterDeployment.LogDriver, ["options"] = ExporterDeployment.LogOptions },
    };

    private static Dictionary<string, object> One(string key, object value) => new() { [key] = value };
}
