using System.Text.Json.Nodes;
using RunnerMetrics.Dashboards.Model;

namespace RunnerMetrics.Dashboards;

/// <summary>Writes a panel: what it asks, and what holds for its values. How it draws is <see cref="PanelOptions"/>.</summary>
internal static class PanelJson
{
    /// <summary>What the columns of labels are called.</summary>
    private static readonly IReadOnlyDictionary<string, string> Titles = new Dictionary<string, string>
    {
        ["runner_name"] = "Runner",
        ["runner_type"] = "Type",
        ["runner_scope"] = "Scope",
        ["version"] = "Version",
        ["repository"] = "Repository",
        ["workflow"] = "Workflow",
        ["environment"] = "Environment",
        ["instance"] = "Instance",
        ["job"] = "Job",
    };

    public static JsonObject Write(Panel panel, int id, JsonObject position)
    {
        var json = new JsonObject
        {
            ["datasource"] = DashboardJson.ChosenSource(),
            ["description"] = panel.Description,
            ["fieldConfig"] = new JsonObject { ["defaults"] = Defaults(panel), ["overrides"] = DashboardJson.Array(Overrides(panel)) },
            ["gridPos"] = position,
            ["id"] = id,
            ["options"] = PanelOptions.Of(panel),
            ["targets"] = DashboardJson.Array(panel.Queries.Select((query, index) => Target(panel, query, index))),
            ["title"] = panel.Title,
            ["type"] = PanelOptions.TypeOf(panel.Type),
        };
        if (panel.Type == PanelType.Table)
        {
            json["transformations"] = Columns(panel);
        }

        return json;
    }

    private static JsonObject Target(Panel panel, Query query, int index) => new()
    {
        ["datasource"] = DashboardJson.ChosenSource(),
        ["editorMode"] = "code",
        ["expr"] = query.Expression,
        ["format"] = panel.Type switch { PanelType.Table => "table", PanelType.Heatmap => "heatmap", _ => "time_series" },
        ["instant"] = panel.IsInstant,
        ["legendFormat"] = query.Legend,
        ["range"] = !panel.IsInstant,
        ["refId"] = RefId(index),
    };

    private static JsonObject Defaults(Panel panel)
    {
        var defaults = new JsonObject
        {
            ["color"] = Color(panel),
            ["custom"] = PanelOptions.CustomOf(panel),
            ["mappings"] = Mappings(panel.Mappings),
            ["noValue"] = panel.NoValue,
            ["thresholds"] = Thresholds(panel.Thresholds),
            ["unit"] = panel.Unit,
        };
        if (panel.Links.Count > 0)
        {
            defaults["links"] = Links(panel.Links);
        }

        Add(defaults, "decimals", panel.Decimals);
        Add(defaults, "max", panel.Max);
        Add(defaults, "min", panel.Min);
        return defaults;
    }

    // A table's columns have thresholds of their own. Bars without any are all alike: their length says it, and a colour for each would say more than is known.
    private static JsonObject Color(Panel panel) => panel.Type switch
    {
        // The states of a timeline have the colours of their mappings. Grafana would name them by thresholds, as in "< 1", if those gave the colours.
        PanelType.TimeSeries or PanelType.Bars or PanelType.StateTimeline => new JsonObject { ["mode"] = "palette-classic" },
        PanelType.Table => new JsonObject { ["mode"] = "thresholds" },
        PanelType.BarGauge when panel.Thresholds.Count == 0 => new JsonObject { ["fixedColor"] = "blue", ["mode"] = "fixed" },
        _ => new JsonObject { ["mode"] = panel.Thresholds.Count > 0 ? "thresholds" : "palette-classic" },
    };

    private static IEnumerable<JsonNode> Overrides(Panel panel)
    {
        foreach (var series in panel.Series)
        {
            yield return Override(series.Name, [
                .. series.Color is { } color ? [Property("color", new JsonObject { ["fixedColor"] = color, ["mode"] = "fixed" })] : Enumerable.Empty<JsonNode>(),
                .. series.Thresholds.Count > 0
                    ? [Property("color", new JsonObject { ["mode"] = "thresholds" }), Property("thresholds", Thresholds(series.Thresholds))]
                    : Enumerable.Empty<JsonNode>(),
                .. series.RightAxisUnit is { } unit
                    ? [Property("unit", unit), Property("custom.axisPlacement", "right"), Property("custom.fillOpacity", 0), Property("custom.stacking", PanelOptions.Stacking(false))]
                    : Enumerable.Empty<JsonNode>(),
            ]);
        }

        foreach (var (query, index) in panel.Type == PanelType.Table ? panel.Queries.Select((query, index) => (query, index)) : [])
        {
            yield return Override(query.Legend, [
                .. query.Unit is { } unit ? [Property("unit", unit)] : Enumerable.Empty<JsonNode>(),
                .. query.Width is { } width ? [Property("custom.width", width)] : Enumerable.Empty<JsonNode>(),
                .. query.Decimals is { } decimals ? [Property("decimals", decimals)] : Enumerable.Empty<JsonNode>(),
                .. query.Mappings.Count > 0 ? [Property("mappings", Mappings(query.Mappings))] : Enumerable.Empty<JsonNode>(),
                .. query.Mappings.Count + query.Thresholds.Count > 0
                    ? [Property("thresholds", Thresholds(query.Thresholds)), Property("custom.cellOptions", new JsonObject { ["type"] = "color-text" })]
                    : Enumerable.Empty<JsonNode>(),
                .. query.Links.Count > 0 ? [Property("links", Links(query.Links))] : Enumerable.Empty<JsonNode>(),
            ]);
        }

        foreach (var (label, links) in panel.CellLinks)
        {
            yield return Override(Titles.GetValueOrDefault(label, label), [Property("links", Links(links))]);
        }
    }

    // One row for what has the same labels, and names for people instead of Grafana's own.
    private static JsonArray Columns(Panel panel)
    {
        var hidden = new JsonObject { ["Time"] = true };
        var names = new JsonObject();
        foreach (var (label, title) in Titles)
        {
            names[label] = title;
        }

        for (var i = 0; i < panel.Queries.Count; i++)
        {
            var field = panel.Queries.Count == 1 ? "Value" : $"Value #{RefId(i)}";
            if (panel.Queries[i].Hidden)
            {
                hidden[field] = true;
            }
            else
            {
                names[field] = panel.Queries[i].Legend;
            }
        }

        return
        [
            new JsonObject { ["id"] = "merge", ["options"] = new JsonObject() },
            new JsonObject
            {
                ["id"] = "organize",
                ["options"] = new JsonObject { ["excludeByName"] = hidden, ["indexByName"] = new JsonObject(), ["renameByName"] = names },
            },
        ];
    }

    private static JsonObject Override(string name, IEnumerable<JsonNode> properties) => new()
    {
        ["matcher"] = new JsonObject { ["id"] = "byName", ["options"] = name },
        ["properties"] = DashboardJson.Array(properties),
    };

    private static JsonObject Property(string id, JsonNode value) => new() { ["id"] = id, ["value"] = value };

    private static JsonArray Links(IReadOnlyList<Link> links) => DashboardJson.Array(links.Select(link =>
        new JsonObject { ["targetBlank"] = link.IsOutside, ["title"] = link.Title, ["url"] = link.Url }));

    private static JsonArray Mappings(IReadOnlyList<Mapping> mappings)
    {
        if (mappings.Count == 0)
        {
            return [];
        }

        var options = new JsonObject();
        foreach (var (mapping, index) in mappings.Select((mapping, index) => (mapping, index)))
        {
            options[mapping.Value] = new JsonObject { ["color"] = mapping.Color, ["index"] = index, ["text"] = mapping.Text };
        }

        return [new JsonObject { ["options"] = options, ["type"] = "value" }];
    }

    private static JsonObject Thresholds(IReadOnlyList<Threshold> thresholds) => new()
    {
        ["mode"] = "absolute",
        ["steps"] = DashboardJson.Array((thresholds.Count > 0 ? thresholds : [new Threshold("text")])
            .Select(threshold => new JsonObject { ["color"] = threshold.Color, ["value"] = threshold.From })),
    };

    private static void Add(JsonObject json, string name, double? value)
    {
        if (value is { } number)
        {
            json[name] = number;
        }
    }

    private static string RefId(int index) => ((char)('A' + index)).ToString();
}
