using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Grafana;

/// <summary>What Grafana is given, as in deploy/compose/monitoring.yml: a test compares the two.</summary>
internal static class GrafanaSettings
{
    public const int Port = 3000;
    public const string DataFolder = "/var/lib/grafana";

    /// <summary>The folder that dashboards/grafana/provisioning puts the dashboards into.</summary>
    public const string FolderUid = "github-runners";

    /// <summary>Anyone who can reach it can view, and nobody can change anything: there is no login and no administrator. It makes no outgoing calls.</summary>
    public static readonly IReadOnlyDictionary<string, string> Environment = new Dictionary<string, string>
    {
        ["GF_AUTH_ANONYMOUS_ENABLED"] = "true",
        ["GF_AUTH_ANONYMOUS_ORG_ROLE"] = "Viewer",
        ["GF_AUTH_DISABLE_LOGIN_FORM"] = "true",
        ["GF_AUTH_BASIC_ENABLED"] = "false",
        ["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION"] = "true",
        ["GF_USERS_ALLOW_SIGN_UP"] = "false",
        ["GF_ANALYTICS_REPORTING_ENABLED"] = "false",
        ["GF_ANALYTICS_CHECK_FOR_UPDATES"] = "false",
        ["GF_PLUGINS_PREINSTALL_DISABLED"] = "true",
        ["GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES"] = "false",
        ["GF_NEWS_NEWS_FEED_ENABLED"] = "false",
    };

    public static readonly RepositoryMount[] Mounts =
    [
        new("dashboards/grafana/provisioning", "/etc/grafana/provisioning"),
        new("dashboards/grafana", "/etc/grafana/dashboards"),
    ];
}
