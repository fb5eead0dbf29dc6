using System.Text.Json.Nodes;
using RunnerMetrics.Dashboards.Model;

namespace RunnerMetrics.Dashboards;

/// <summary>How each type of panel draws.</summary>
internal static class PanelOptions
{
    public static string TypeOf(PanelType type) => type switch
    {
        PanelType.Stat => "stat",
        PanelType.Gauge => "gauge",
        PanelType.BarGauge => "bargauge",
        PanelType.TimeSeries or PanelType.Bars => "timeseries",
        PanelType.Table => "table",
        PanelType.PieChart => "piechart",
        PanelType.StateTimeline => "state-timeline",
        PanelType.Heatmap => "heatmap",
        _ => "text",
    };

    public static JsonObject Of(Panel panel) => panel.Type switch
    {
        PanelType.Stat => new JsonObject
        {
            ["colorMode"] = panel.Thresholds.Count + panel.Series.Count > 0 ? "value" : "none",
            ["graphMode"] = "none",
            ["justifyMode"] = "auto",
            ["orientation"] = panel.Listed ? "horizontal" : "auto",
            ["reduceOptions"] = LastValue(),
            ["textMode"] = IsNamed(panel) ? "value_and_name" : "value",
        },
        PanelType.Gauge => new JsonObject
        {
            ["orientation"] = "auto",
            ["reduceOptions"] = LastValue(),
            ["showThresholdLabels"] = false,
            ["showThresholdMarkers"] = true,
        },
        PanelType.BarGauge => new JsonObject
        {
            ["displayMode"] = "basic",
            ["minVizHeight"] = 10,
            ["minVizWidth"] = 0,
            ["orientation"] = "horizontal",
            ["reduceOptions"] = LastValue(),
            ["showUnfilled"] = true,
            ["text"] = new JsonObject { ["titleSize"] = 14 },
        },
        PanelType.Table => new JsonObject
        {
            ["cellHeight"] = "sm",
            ["showHeader"] = true,
            ["sortBy"] = panel.SortedBy is { } column ? new JsonArray(new JsonObject { ["desc"] = true, ["displayName"] = column }) : [],
        },
        PanelType.PieChart => new JsonObject
        {
            ["displayLabels"] = new JsonArray(),
            ["legend"] = Legend("table", "right", "value", "percent"),
            ["pieType"] = "donut",
            ["reduceOptions"] = LastValue(),
            ["tooltip"] = Tooltip("single"),
        },
        PanelType.StateTimeline => new JsonObject
        {
            ["alignValue"] = "left",
            ["legend"] = Legend("list", "bottom"),
            ["mergeValues"] = true,
            ["rowHeight"] = 0.9,
            ["showValue"] = "never",
            ["tooltip"] = Tooltip("single"),
        },
        PanelType.Heatmap => new JsonObject
        {
            ["calculate"] = false,
            ["cellGap"] = 1,
            ["color"] = new JsonObject { ["exponent"] = 0.5, ["fill"] = "dark-orange", ["mode"] = "scheme", ["reverse"] = false, ["scale"] = "exponential", ["scheme"] = "Oranges", ["steps"] = 64 },
            ["filterValues"] = new JsonObject { ["le"] = 1e-9 },
            ["legend"] = new JsonObject { ["show"] = true },
            ["rowsFrame"] = new JsonObject { ["layout"] = "auto" },
            ["tooltip"] = new JsonObject { ["mode"] = "single", ["yHistogram"] = false },
            ["yAxis"] = new JsonObject { ["axisPlacement"] = "left", ["reverse"] = false, ["unit"] = "s" },
        },
        PanelType.Text => new JsonObject { ["content"] = panel.Text, ["mode"] = "markdown" },
        _ => new JsonObject
        {
            ["legend"] = HasRoom(panel) ? Legend("table", "bottom", "mean", "max", "lastNotNull") : Legend("list", "bottom"),
            ["tooltip"] = Tooltip("multi"),
        },
    };

    public static JsonObject CustomOf(Panel panel) => panel.Type switch
    {
        PanelType.TimeSeries or PanelType.Bars => new JsonObject
        {
            ["axisLabel"] = "",
            ["axisPlacement"] = "auto",
            ["axisSoftMin"] = 0,
            ["drawStyle"] = panel.Type == PanelType.Bars ? "bars" : "line",
            // Areas that stand on each other have no line: that of one which is 0 would be at the top, and look like all of them.
            ["fillOpacity"] = panel.Type == PanelType.Bars ? 80 : panel.Stacked ? 70 : 8,
            ["lineInterpolation"] = "linear",
            ["lineWidth"] = panel.Type == PanelType.Bars || panel.Stacked ? 0 : 2,
            ["showPoints"] = "auto",
            ["pointSize"] = 4,
            ["spanNulls"] = false,
            ["stacking"] = Stacking(panel.Stacked),
            ["thresholdsStyle"] = new JsonObject { ["mode"] = panel.Thresholds.Count > 0 ? "dashed" : "off" },
        },
        PanelType.Table => new JsonObject { ["align"] = "auto", ["cellOptions"] = new JsonObject { ["type"] = "auto" }, ["filterable"] = true, ["inspect"] = false, ["minWidth"] = 100 },
        PanelType.StateTimeline => new JsonObject { ["fillOpacity"] = 80, ["lineWidth"] = 0 },
        PanelType.PieChart => new JsonObject { ["hideFrom"] = new JsonObject { ["legend"] = false, ["tooltip"] = false, ["viz"] = false } },
        _ => [],
    };

    // One number has the panel's title. Several are nothing without their names.
    private static bool IsNamed(Panel panel) =>
        panel.Queries.Count > 1 || panel.Series.Count > 0 || panel.Queries.Any(query => query.Legend.Contains("{{", StringComparison.Ordinal));

    // A table of two lines fits; how many series come of a label, nobody knows before. Of numbers that stand on each other, a mean says little.
    private static bool HasRoom(Panel panel) =>
        panel is { Type: PanelType.TimeSeries, Stacked: false, Width: >= 12, Queries.Count: <= 2 }
        && panel.Queries.All(query => !query.Legend.Contains('{', StringComparison.Ordinal));

    public static JsonObject Stacking(bool stacked) => new() { ["group"] = "A", ["mode"] = stacked ? "normal" : "none" };

    private static JsonObject LastValue() => new() { ["calcs"] = new JsonArray("lastNotNull"), ["fields"] = "", ["values"] = false };

    private static JsonObject Tooltip(string mode) => new() { ["mode"] = mode, ["sort"] = mode == "multi" ? "desc" : "none" };

    private static JsonObject Legend(string mode, string placement, params IEnumerable<string> columns)
    {
        var isPie = placement == "right";
        var legend = new JsonObject { ["calcs"] = new JsonArray(), ["displayMode"] = mode, ["placement"] = placement, ["showLegend"] = true };
        legend[isPie ? "values" : "calcs"] = DashboardJson.Array(columns.Select(column => (JsonNode?)column));
        return legend;
    }
}
