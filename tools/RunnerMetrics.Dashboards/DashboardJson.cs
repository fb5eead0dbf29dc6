using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerMetrics.Dashboards.Model;

namespace RunnerMetrics.Dashboards;

/// <summary>A dashboard as Grafana's classic JSON: not wrapped, and without an id, as file provisioning reads it.</summary>
internal static class DashboardJson
{
    private const int Columns = 24;
    private const int SchemaVersion = 36;
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>The text of a file.</summary>
    public static string Text(JsonObject json) => json.ToJsonString(Options) + "\n";

    /// <summary>The dashboard.</summary>
    public static JsonObject Of(Dashboard dashboard) => new()
    {
        ["annotations"] = new JsonObject { ["list"] = new JsonArray(BuiltInAnnotations(), FiringAlerts(dashboard.Family)) },
        ["description"] = dashboard.Description,
        ["editable"] = true,
        ["fiscalYearStartMonth"] = 0,
        ["graphTooltip"] = 1,
        ["id"] = null,
        ["links"] = new JsonArray(LinkToTheOthers(dashboard.Family)),
        ["liveNow"] = false,
        ["panels"] = Place(dashboard.Rows),
        ["refresh"] = "1m",
        ["schemaVersion"] = SchemaVersion,
        ["tags"] = new JsonArray(dashboard.Family.Tag),
        ["templating"] = new JsonObject { ["list"] = Array([DataSource(), .. dashboard.Variables.Select(Variable)]) },
        ["time"] = new JsonObject { ["from"] = dashboard.From, ["to"] = "now" },
        ["timepicker"] = new JsonObject(),
        ["timezone"] = "browser",
        ["title"] = dashboard.Title,
        ["uid"] = dashboard.Uid,
        ["version"] = 1,
        ["weekStart"] = "",
    };

    /// <summary>The data source that is chosen at the top.</summary>
    public static JsonObject ChosenSource() => new() { ["type"] = "prometheus", ["uid"] = "${datasource}" };

    /// <summary>An array of nodes.</summary>
    public static JsonArray Array(IEnumerable<JsonNode?> items) => [.. items];

    private static JsonObject BuiltInAnnotations() => new()
    {
        ["builtIn"] = 1,
        ["datasource"] = new JsonObject { ["type"] = "grafana", ["uid"] = "-- Grafana --" },
        ["enable"] = true,
        ["hide"] = true,
        ["iconColor"] = "rgba(0, 211, 255, 1)",
        ["name"] = "Annotations & Alerts",
        ["type"] = "dashboard",
    };

    private static JsonObject FiringAlerts(DashboardFamily family) => new()
    {
        ["datasource"] = ChosenSource(),
        ["enable"] = true,
        ["expr"] = family.FiringAlerts,
        ["iconColor"] = "red",
        ["name"] = "Firing alerts",
        ["step"] = "60s",
        ["tagKeys"] = family.AlertLabels,
        ["titleFormat"] = "{{alertname}}",
        ["useValueForTime"] = false,
    };

    private static JsonObject LinkToTheOthers(DashboardFamily family) => new()
    {
        ["asDropdown"] = false,
        ["icon"] = "external link",
        ["includeVars"] = true,
        ["keepTime"] = true,
        ["tags"] = new JsonArray(family.Tag),
        ["targetBlank"] = false,
        ["title"] = family.LinkTitle,
        ["tooltip"] = "",
        ["type"] = "dashboards",
        ["url"] = "",
    };

    private static JsonObject DataSource() => new()
    {
        ["current"] = new JsonObject(),
        ["hide"] = 0,
        ["includeAll"] = false,
        ["label"] = "Data source",
        ["multi"] = false,
        ["name"] = "datasource",
        ["options"] = new JsonArray(),
        ["query"] = "prometheus",
        ["refresh"] = 1,
        ["regex"] = "",
        ["skipUrlSync"] = false,
        ["type"] = "datasource",
    };

    private static JsonObject Typed(Variable variable) => new()
    {
        ["current"] = new JsonObject { ["selected"] = true, ["text"] = variable.Text, ["value"] = variable.Text },
        ["hide"] = 0,
        ["label"] = variable.Label,
        ["name"] = variable.Name,
        ["options"] = new JsonArray(new JsonObject { ["selected"] = true, ["text"] = variable.Text, ["value"] = variable.Text }),
        ["query"] = variable.Text,
        ["skipUrlSync"] = false,
        ["type"] = "textbox",
    };

    // All is one short expression, not a list of a thousand names.
    private static JsonObject Variable(Variable variable)
    {
        if (variable.Text is not null)
        {
            return Typed(variable);
        }

        var query = $"label_values({variable.Metric}, {variable.SourceLabel ?? variable.Name})";
        return new JsonObject
        {
            ["allValue"] = variable.AllValue,
            ["current"] = new JsonObject { ["selected"] = true, ["text"] = new JsonArray("All"), ["value"] = new JsonArray("$__all") },
            ["datasource"] = ChosenSource(),
            ["definition"] = query,
            ["hide"] = 0,
            ["includeAll"] = true,
            ["label"] = variable.Label,
            ["multi"] = true,
            ["name"] = variable.Name,
            ["options"] = new JsonArray(),
            ["query"] = new JsonObject { ["query"] = query, ["refId"] = "StandardVariableQuery" },
            ["refresh"] = 2,
            ["regex"] = "",
            ["skipUrlSync"] = false,
            ["sort"] = 1,
            ["type"] = "query",
        };
    }

    // From left to right, and on to the next line where a panel does not fit.
    private static JsonArray Place(IReadOnlyList<Row> rows)
    {
        var placed = new JsonArray();
        var (id, y) = (0, 0);
        foreach (var row in rows)
        {
            placed.Add(RowJson(row.Title, ++id, y++));
            var (x, height) = (0, 0);
            foreach (var panel in row.Panels)
            {
                if (x + panel.Width > Columns)
                {
                    (x, y, height) = (0, y + height, 0);
                }

                placed.Add(PanelJson.Write(panel, ++id, Position(x, y, panel.Width, panel.Height)));
                (x, height) = (x + panel.Width, Math.Max(height, panel.Height));
            }

            y += height;
        }

        return placed;
    }

    private static JsonObject RowJson(string title, int id, int y) => new()
    {
        ["collapsed"] = false,
        ["gridPos"] = Position(0, y, Columns, 1),
        ["id"] = id,
        ["panels"] = new JsonArray(),
        ["title"] = title,
        ["type"] = "row",
    };

    private static JsonObject Position(int x, int y, int width, int height) => new() { ["h"] = height, ["w"] = width, ["x"] = x, ["y"] = y };
}
