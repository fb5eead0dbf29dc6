using System.Text.Json.Nodes;

namespace RunnerMetrics.Testing;

/// <summary>A committed dashboard, as Grafana reads it.</summary>
public sealed class GrafanaDashboard
{
    private GrafanaDashboard(string file)
    {
        File = file;
        Json = JsonNode.Parse(System.IO.File.ReadAllText(Path.Combine(Folder, file)))!.AsObject();
    }

    /// <summary>The files that people import.</summary>
    public static string ImportFolder { get; } = Path.Combine(RepositoryFolder.Path, "dashboards", "import");

    public static string Folder { get; } = Path.Combine(RepositoryFolder.Path, "dashboards", "grafana");

    public static IReadOnlyList<GrafanaDashboard> All { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.json").Select(file => new GrafanaDashboard(Path.GetFileName(file))).OrderBy(dashboard => dashboard.File, StringComparer.Ordinal)];

    /// <summary>Those about runners, their jobs and deployments.</summary>
    public static IReadOnlyList<GrafanaDashboard> Runners { get; } = [.. All.Where(dashboard => dashboard.Tag == "runner-metrics")];

    /// <summary>What GitHub's API says: empty where it is not asked.</summary>
    public static GrafanaDashboard GitHub { get; } = Of("github-view");

    /// <summary>Those about the automation platform.</summary>
    public static IReadOnlyList<GrafanaDashboard> Automation { get; } = [.. All.Where(dashboard => dashboard.Tag == "runner-metrics-automation")];

    public string File { get; }

    public JsonObject Json { get; }

    public string Tag => Json["tags"]![0]!.GetValue<string>();

    public IEnumerable<JsonObject> Panels => Json["panels"]!.AsArray().Select(panel => panel!.AsObject()).Where(panel => Text(panel, "type") != "row");

    public IEnumerable<JsonObject> Variables => Json["templating"]!["list"]!.AsArray().Select(variable => variable!.AsObject());

    /// <summary>Everything that the dashboard asks of Prometheus.</summary>
    public IEnumerable<DashboardQuery> Queries =>
    [
        .. Panels.SelectMany(panel => panel["targets"]!.AsArray().Select(target => new DashboardQuery(
            File, Text(panel, "title"), Text(target!, "legendFormat"), Text(target!, "expr"), target!["instant"]!.GetValue<bool>()))),
        .. Variables.Where(variable => Text(variable, "type") == "query").Select(variable => DashboardQuery.OfVariable(File, Text(variable, "name"), Text(variable, "definition"))),
        .. Json["annotations"]!["list"]!.AsArray().Where(annotation => annotation!["expr"] is not null)
            .Select(annotation => new DashboardQuery(File, "annotation", Text(annotation!, "name"), Text(annotation!, "expr"), IsInstant: false)),
    ];

    public static GrafanaDashboard Of(string uid) => All.Single(dashboard => dashboard.File == $"{uid}.json");

    public static string Text(JsonNode node, string property) => node[property]?.GetValue<string>() ?? "";

    /// <summary>A panel's query, by the panel's title and its legend.</summary>
    public DashboardQuery Query(string panel, string legend) => Queries.Single(query => query.Panel == panel && query.Legend == legend);
}
