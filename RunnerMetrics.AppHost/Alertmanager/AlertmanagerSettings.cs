using System.Globalization;
using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Alertmanager;

/// <summary>What Alertmanager is given, as in deploy/compose/monitoring.yml: a test compares the two.</summary>
internal static class AlertmanagerSettings
{
    /// <summary>Its port on this machine: 9093 is the third standalone runner's.</summary>
    public const int HostPort = 9094;
    public const int Port = 9093;
    public const string DataFolder = "/alertmanager";

    /// <summary>Where it looks for the addresses that are secret. It starts without them, and logs for each message that it has no receiver.</summary>
    public const string SecretsFolder = "/etc/alertmanager/secrets";

    public static readonly RepositoryMount[] Mounts =
    [
        new("dashboards/alertmanager/alertmanager.yml", "/etc/alertmanager/alertmanager.yml"),
        new("dashboards/alertmanager/templates", "/etc/alertmanager/templates"),
    ];

    /// <param name="hostPort">Its port on this machine, which is in messages.</param>
    public static string[] Arguments(int hostPort) =>
    [
        "--config.file=/etc/alertmanager/alertmanager.yml",
        "--storage.path=/alertmanager",
        "--cluster.listen-address=",
        $"--web.external-url=http://127.0.0.1:{hostPort.ToString(CultureInfo.InvariantCulture)}",
    ];

    /// <summary>Puts this machine's folders into its configuration.</summary>
    /// <param name="committed">The text of dashboards/alertmanager/alertmanager.yml.</param>
    /// <param name="templates">The folder of the templates.</param>
    /// <param name="secrets">The folder of the addresses that are secret; null: it has none, as where the container's is empty.</param>
    public static string OnThisMachine(string committed, string templates, string? secrets) => committed
        .Replace("  - templates/*.tmpl", $"  - {templates}/*.tmpl", StringComparison.Ordinal)
        .Replace($"{SecretsFolder}/", secrets is null ? $"{SecretsFolder}/" : $"{secrets}/", StringComparison.Ordinal);
}
