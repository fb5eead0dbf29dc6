using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using static RunnerMetrics.Testing.GrafanaDashboard;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>The files that people import: what they ask for is what they use, and the rest is the provisioned dashboard.</summary>
public partial class DashboardImportTests
{
    public static TheoryData<string> Dashboards() => [.. All.Select(dashboard => Path.GetFileNameWithoutExtension(dashboard.File))];

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Inputs_AreWhatTheFileUses(string uid)
    {
        var json = Read(uid);
        var asked = json["__inputs"]!.AsArray().Select(input => Text(input!, "name")).ToList();
        Assert.Contains("DS_PROMETHEUS", asked);
        Assert.Distinct(asked);
        json.Remove("__inputs");
        Assert.Equal(asked.Order(StringComparer.Ordinal), Input().Matches(json.ToJsonString()).Select(match => match.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Requires_NamesEveryTypeOfPanel(string uid)
    {
        var needed = Read(uid)["__requires"]!.AsArray().Select(needed => (Type: Text(needed!, "type"), Id: Text(needed!, "id"), Version: Text(needed!, "version"))).ToList();
        Assert.Contains(("grafana", "grafana", "9.5.0"), needed);
        Assert.Contains(needed, one => one is { Type: "datasource", Id: "prometheus" });
        Assert.Equal(Of(uid).Panels.Select(panel => Text(panel, "type")).Distinct().Order(StringComparer.Ordinal), needed.Where(one => one.Type == "panel").Select(one => one.Id));
    }

    // As Grafana does it: each ${NAME} of a question is replaced by its answer, here by what the provisioned file has.
    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Import_WithTheDefaults_IsTheProvisionedDashboard(string uid)
    {
        var json = Read(uid);
        var answers = json["__inputs"]!.AsArray().ToDictionary(input => Text(input!, "name"), input => Text(input!, "value"));
        foreach (var name in (string[])["__inputs", "__elements", "__requires"])
        {
            Assert.True(json.Remove(name), name);
        }

        var imported = JsonNode.Parse(Input().Replace(json.ToJsonString(), match => answers[match.Groups["name"].Value]))!;
        var source = imported["templating"]!["list"]!.AsArray().Single(variable => Text(variable!, "type") == "datasource")!;
        Assert.Equal("", Text(source["current"]!, "value"));
        source["current"] = new JsonObject();
        Assert.Equal(Of(uid).Json.ToJsonString(), imported.ToJsonString());
    }

    private static JsonObject Read(string uid) => JsonNode.Parse(File.ReadAllText(Path.Combine(ImportFolder, $"{uid}.json")))!.AsObject();

    [GeneratedRegex(@"\$\{(?<name>(?:DS|VAR)_\w+)\}")]
    private static partial Regex Input();
}
