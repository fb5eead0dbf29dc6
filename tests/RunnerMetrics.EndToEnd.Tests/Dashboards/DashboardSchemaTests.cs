using System.Text.Json.Nodes;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>The dashboards are of the types that Grafana's own package gives them; and a check that would pass anything would be worth nothing.</summary>
public class DashboardSchemaTests
{
    /// <summary>What a careless hand could do, each with what must be said of it.</summary>
    private static readonly (string Name, Action<JsonObject> Break, string Said)[] Broken =
    [
        ("an option misspelt", json => Options(json, "stat")["colourMode"] = "value", "options: must NOT have additional properties: colourMode"),
        ("an option that is none of its values", json => Options(json, "stat")["colorMode"] = "rainbow", "options/colorMode: must be equal to one of the allowed values"),
        ("an option of a wrong type", json => Options(json, "gauge")["showThresholdMarkers"] = "yes", "options/showThresholdMarkers: must be boolean"),
        ("a legend's place", json => Options(json, "timeseries")["legend"]!["placement"] = "left", "options/legend/placement: must be equal to one of the allowed values"),
        ("a style of lines misspelt", json => Defaults(json, "timeseries")["custom"]!["drawstyle"] = "line", "custom: must NOT have additional properties: drawstyle"),
        ("a threshold without a colour", json => Defaults(json, "gauge")["thresholds"]!["steps"]![0]!.AsObject().Remove("color"), "must have required property 'color'"),
        ("a number as text", json => Defaults(json, "gauge")["max"] = "1", "defaults/max: must be number"),
        ("an override that there is not", json => Override(json)["id"] = "colour", "/properties/0/id"),
        ("an override of a wrong type", json => Override(json)["value"] = 7, "/properties/0/value"),
        ("a query misspelt", json => Panel(json, "table")["targets"]![0]!["expression"] = "up", "targets/0: must NOT have additional properties: expression"),
        ("a panel misspelt", json => Panel(json, "piechart")["type"] = "pie-chart", "no type of panel that is checked: pie-chart"),
        ("a place misspelt", json => Panel(json, "piechart")["gridPos"] = new JsonObject { ["x"] = 0, ["y"] = 0, ["w"] = 4, ["height"] = 4 }, "must NOT have additional properties: height"),
        ("a kind of variable", json => json["templating"]!["list"]![1]!["type"] = "label", "templating/list/1/type"),
        ("a time", json => json["time"] = "now-24h", "dashboard/time: must be object"),
        ("a link misspelt", json => Cell(json)["properties"]![0]!["value"]![0]!["href"] = "https://github.com", "/properties/0/value"),
        ("a link without an address", json => Cell(json)["properties"]![0]!["value"]![0]!.AsObject().Remove("url"), "/properties/0/value"),
        ("a question of an import", json => json["__inputs"] = new JsonArray(new JsonObject { ["name"] = "DS", ["type"] = "data source" }), "dashboard/__inputs/0"),
        ("a part of the file", json => json["pannels"] = new JsonArray(), "dashboard: must NOT have additional properties: pannels"),
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dashboards_AreOfTheTypesOfGrafanasSchema()
    {
        DashboardSchema.SkipWhereMissing();
        var problems = await DashboardSchema.ProblemsAsync(
            GrafanaDashboard.All.SelectMany(dashboard => new[] { GrafanaDashboard.Folder, GrafanaDashboard.ImportFolder }, (dashboard, folder) => Path.Combine(folder, dashboard.File)), Cancelled);
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Fact]
    public async Task Dashboards_Broken_AreNot()
    {
        DashboardSchema.SkipWhereMissing();
        var folder = Directory.CreateTempSubdirectory("runner-metrics-schema-");
        try
        {
            foreach (var (name, breakIt, _) in Broken)
            {
                var json = GrafanaDashboard.Of("runner-overview").Json.DeepClone().AsObject();
                breakIt(json);
                await File.WriteAllTextAsync(Path.Combine(folder.FullName, name), json.ToJsonString(), Cancelled);
            }

            var problems = await DashboardSchema.ProblemsAsync(Broken.Select(broken => Path.Combine(folder.FullName, broken.Name)), Cancelled);

            Assert.All(Broken, broken => Assert.Contains(
                problems, problem => problem.StartsWith(Path.Combine(folder.FullName, broken.Name) + ":", StringComparison.Ordinal) && problem.Contains(broken.Said, StringComparison.Ordinal)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static JsonObject Panel(JsonObject json, string type) =>
        json["panels"]!.AsArray().Select(panel => panel!.AsObject()).First(panel => GrafanaDashboard.Text(panel, "type") == type);

    private static JsonNode Options(JsonObject json, string type) => Panel(json, type)["options"]!;

    private static JsonNode Defaults(JsonObject json, string type) => Panel(json, type)["fieldConfig"]!["defaults"]!;

    // The links of a table's column.
    private static JsonNode Cell(JsonObject json) => Panel(json, "table")["fieldConfig"]!["overrides"]!.AsArray().Single(rule => rule!["matcher"]!["options"]!.GetValue<string>() == "Runner")!;

    private static JsonNode Override(JsonObject json) => Panel(json, "timeseries")["fieldConfig"]!["overrides"]![0]!["properties"]![0]!;
}
