using System.Globalization;
using System.Text.Json.Nodes;
using RunnerMetrics.Dashboards.Model;

namespace RunnerMetrics.Dashboards;

/// <summary>
/// Writes a dashboard as Grafana itself exports one for others: with the questions that an import asks (<c>__inputs</c>) and what it needs (<c>__requires</c>).
/// Grafana puts the answers in the place of <c>${NAME}</c> when the file is imported; provisioning does not, so it has files of its own.
/// </summary>
internal static class ImportJson
{
    private const string OldestGrafana = "9.5.0";
    private const string Source = "DS_PROMETHEUS";

    public static string Write(Dashboard dashboard)
    {
        var json = DashboardJson.Of(dashboard);
        foreach (var variable in json["templating"]!["list"]!.AsArray().Select(variable => variable!.AsObject()))
        {
            switch (variable["type"]!.GetValue<string>())
            {
                case "datasource":
                    variable["current"] = Chosen(Source);
                    break;
                case "textbox":
                    var input = InputOf(variable["name"]!.GetValue<string>());
                    variable["current"] = Chosen(input);
                    variable["options"] = new JsonArray(Chosen(input));
                    variable["query"] = $"${{{input}}}";
                    break;
            }
        }

        var whole = new JsonObject { ["__inputs"] = Inputs(dashboard), ["__elements"] = new JsonObject(), ["__requires"] = Requires(dashboard) };
        foreach (var (name, value) in json)
        {
            whole[name] = value?.DeepClone();
        }

        return DashboardJson.Text(whole);
    }

    private static JsonObject Chosen(string input) => new() { ["selected"] = true, ["text"] = $"${{{input}}}", ["value"] = $"${{{input}}}" };

    private static JsonArray Inputs(Dashboard dashboard) =>
    [
        new JsonObject
        {
            ["name"] = Source, ["label"] = "Prometheus", ["description"] = "A Prometheus that scrapes the exporter and has its recording rules.", ["type"] = "datasource", ["pluginId"] = "prometheus", ["pluginName"] = "Prometheus",
        },
        .. dashboard.Variables.Where(variable => variable.Text is not null).Select(variable => new JsonObject
        {
            ["name"] = InputOf(variable.Name), ["label"] = variable.Label, ["description"] = "", ["type"] = "constant", ["value"] = variable.Text,
        }),
    ];

    private static JsonArray Requires(Dashboard dashboard) =>
    [
        Needed("grafana", "grafana", "Grafana", OldestGrafana),
        Needed("datasource", "prometheus", "Prometheus", "1.0.0"),
        .. dashboard.Rows.SelectMany(row => row.Panels).Select(panel => PanelOptions.TypeOf(panel.Type)).Distinct().Order(StringComparer.Ordinal).Select(type => Needed("panel", type, NameOf(type), "")),
    ];

    private static JsonObject Needed(string type, string id, string name, string version) => new() { ["type"] = type, ["id"] = id, ["name"] = name, ["version"] = version };

    private static string InputOf(string variable) => "VAR_" + variable.ToUpperInvariant();

    private static string NameOf(string type) => type switch
    {
        "bargauge" => "Bar gauge",
        "piechart" => "Pie chart",
        "timeseries" => "Time series",
        "state-timeline" => "State timeline",
        _ => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(type),
    };
}
