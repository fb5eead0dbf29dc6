using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RunnerMetrics.Testing;
using static RunnerMetrics.Testing.GrafanaDashboard;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>
/// The rules of grafana/dashboard-linter (docs/index.md), and what makes a file one that every Grafana since 9.5 imports and provisions. That queries are PromQL
/// (its target-promql-rule and template-label-promql-rule) is shown by a Prometheus, in <see cref="DashboardDayTests"/>.
/// </summary>
/// <remarks>
/// Left out, each for a reason:
/// <list type="bullet">
/// <item>template-job-rule, template-instance-rule, target-job-rule, target-instance-rule: job and instance are the exporter's, not the runners'. What people choose by is
/// runner_type and runner_name, which one exporter, or one of several, puts on every series of a runner. Those of the automation platform are chosen by job and instance, and held to it.</item>
/// <item>uneditable-dashboard-rule: what is imported by hand is meant to be changed; what is provisioned cannot be, by allowUiUpdates.</item>
/// <item>target-rate-interval-rule: it is of rate and irate. increase() has a length of its own where the panel says one ("in the hour before").</item>
/// </list>
/// </remarks>
public partial class DashboardLintTests
{
    private const int Columns = 24;
    private static readonly string[] Types = ["stat", "gauge", "bargauge", "timeseries", "table", "piechart", "state-timeline", "heatmap", "text"];
    private static readonly string[] Units = ["short", "locale", "s", "m", "h", "percent", "percentunit", "bytes", "Bps", "cps", "suffix: a day", "suffix: min", "suffix: h"];
    private static readonly string[] Cores = ["Exporter: processor"];

    /// <summary>What takes less than a minute: an axis in seconds ticks at 1, 2, 5 and 10 of them, and above a minute at 200 and 500, which nobody reads as 3 min 20 s.</summary>
    private static readonly string[] Short =
    [
        "Delay of events", "Journal", "Exporter: scrapes", "Calls take", "Calls take, on average", "Wait for the last answer", "Audits take", "Single analyses take", "Test runs take",
        "Changes are waited out", "Batches take", "Calls over the bridge take",
    ];

    private static readonly string[] Counters = ["rate", "irate", "increase"];

    /// <summary>The panels that the overview was asked for: how each draws, its unit, and from where its colours change.</summary>
    private static readonly (string Title, string Type, string Unit, double[] Thresholds)[] Overview =
    [
        ("Runner status", "state-timeline", "short", [1]), ("Total jobs", "stat", "locale", []), ("Success rate", "gauge", "percentunit", [0.8, 0.95]), ("Jobs per hour", "timeseries", "short", []),
        ("Runner uptime", "table", "h", []), ("Job status distribution", "piechart", "locale", []), ("Deployment frequency", "stat", "suffix: a day", []), ("Lead time", "gauge", "m", [1440, 10_080]),
        ("Change failure rate", "gauge", "percentunit", [0.05, 0.15]), ("Job duration trends", "timeseries", "suffix: min", []), ("Cache hit rates", "timeseries", "percentunit", []),
        ("Active runners", "stat", "short", []),
    ];

    public static TheoryData<string> Dashboards() => [.. All.Select(dashboard => Path.GetFileNameWithoutExtension(dashboard.File))];

    [Fact]
    public void Overview_HasItsTwelvePanels() => Assert.All(Overview, asked =>
    {
        var panel = Assert.Single(Of("runner-overview").Panels, panel => Text(panel, "title") == asked.Title);
        var defaults = panel["fieldConfig"]!["defaults"]!;
        Assert.Equal((asked.Type, asked.Unit), (Text(panel, "type"), Text(defaults, "unit")));
        Assert.Equal(asked.Thresholds, defaults["thresholds"]!["steps"]!.AsArray().Skip(1).Select(step => step!["value"]!.GetValue<double>()));
    });

    // A least step is aligned apart from the range: a short range then shows nothing, and a longer one nothing of its last minutes.
    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Panels_HaveNoLeastStep(string uid) => Assert.All(Of(uid).Panels, panel => Assert.False(panel.ContainsKey("interval"), Text(panel, "title")));

    // What is a part of a whole has an axis that ends at 100 %.
    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Shares_EndAtAHundredPercent(string uid) => Assert.All(
        Of(uid).Panels.Where(panel => Text(panel["fieldConfig"]!["defaults"]!, "unit") == "percentunit" && Text(panel, "type") is not ("stat" or "table") && !Cores.Contains(Text(panel, "title"))),
        panel => Assert.Equal((0.0, 1.0), (panel["fieldConfig"]!["defaults"]!["min"]?.GetValue<double>() ?? -1, panel["fieldConfig"]!["defaults"]!["max"]?.GetValue<double>() ?? -1)));

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Axes_OfLongDurations_TickInMinutesOrHours(string uid) => Assert.All(
        Of(uid).Panels.Where(panel => Text(panel, "type") == "timeseries" && Text(panel["fieldConfig"]!["defaults"]!, "unit") == "s"),
        panel => Assert.Contains(Text(panel, "title"), Short));

    // What is not answered by the first 24 panels stands in a row of its own, which is closed.
    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Rows_HoldEveryPanel_AndNoMoreThan24AreOpen(string uid)
    {
        var panels = Of(uid).Json["panels"]!.AsArray();
        Assert.Equal("row", Text(panels[0]!, "type"));
        Assert.All(panels.Where(panel => Text(panel!, "type") == "row"), row => Assert.NotEmpty(Text(row!, "title")));
        Assert.InRange(Of(uid).Panels.Count(), 1, 24);
    }

    // The answer stands above the fold of a screen of 1280 by 720: the first row is one of numbers.
    [Theory]
    [InlineData("runner-overview")]
    [InlineData("dora-metrics")]
    [InlineData("github-view")]
    [InlineData("system-health")]
    [InlineData("test-watcher")]
    [InlineData("audit-agent")]
    [InlineData("api-metrics")]
    public void FirstRow_IsTheAnswer(string uid)
    {
        var first = Of(uid).Json["panels"]!.AsArray().Skip(1).TakeWhile(panel => Text(panel!, "type") != "row").ToList();
        Assert.NotEmpty(first);
        Assert.All(first, panel => Assert.Contains(Text(panel!, "type"), (string[])["stat", "gauge", "bargauge", "piechart"]));
    }

    [Fact]
    public void Dashboards_OfWhatExportersSay_LetOneChooseTheExporter() => Assert.All(
        GrafanaDashboard.Runners.Where(dashboard => dashboard.File != "dora-metrics.json"),
        dashboard => Assert.Equal("label_values(runner_metrics_build_info, instance)", Text(dashboard.Variables.Single(variable => Text(variable, "name") == "instance"), "definition")));

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Dashboard_IsClassicJson(string uid)
    {
        var json = Of(uid).Json;

        Assert.Equal(uid, Text(json, "uid"));
        Assert.True(json.ContainsKey("id") && json["id"] is null, "an id is one Grafana's own: it is to be null");
        Assert.Equal(36, json["schemaVersion"]!.GetValue<int>());
        Assert.False(json.ContainsKey("__inputs") || json.ContainsKey("dashboard"), "file provisioning reads neither");
        Assert.NotEmpty(Text(json, "title"));
        Assert.NotEmpty(Text(json, "description"));
    }

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Dashboard_LinksToTheOthers_WithVariablesAndTime(string uid)
    {
        var link = Assert.Single(Of(uid).Json["links"]!.AsArray())!;

        Assert.Equal("dashboards", Text(link, "type"));
        Assert.True(link["includeVars"]!.GetValue<bool>() && link["keepTime"]!.GetValue<bool>());
        Assert.Contains(link["tags"]![0]!.GetValue<string>(), Of(uid).Json["tags"]!.AsArray().Select(tag => tag!.GetValue<string>()));
    }

    // template-datasource-rule, template-on-time-change-reload-rule
    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Variables_AreADataSource_AndChoicesOfSeveralOrAll(string uid)
    {
        var source = Assert.Single(Of(uid).Variables, variable => Text(variable, "type") == "datasource");
        Assert.Equal(("datasource", "Data source", "prometheus"), (Text(source, "name"), Text(source, "label"), Text(source, "query")));

        foreach (var variable in Of(uid).Variables.Where(variable => Text(variable, "type") == "textbox"))
        {
            Assert.StartsWith("http", Text(variable, "query"), StringComparison.Ordinal);
            Assert.Contains($"${{{Text(variable, "name")}:raw}}", Of(uid).Json.ToJsonString(), StringComparison.Ordinal);
        }

        foreach (var variable in Of(uid).Variables.Where(variable => variable != source && Text(variable, "type") != "textbox"))
        {
            Assert.Equal("query", Text(variable, "type"));
            Assert.Equal("${datasource}", Text(variable["datasource"]!, "uid"));
            Assert.True(variable["multi"]!.GetValue<bool>() && variable["includeAll"]!.GetValue<bool>(), $"{variable["name"]} is to offer several, and all");
            Assert.Equal(Text(variable, "name") == "runner_scope" ? ".*" : ".+", Text(variable, "allValue"));
            Assert.Equal(2, variable["refresh"]!.GetValue<int>());
            Assert.Contains(Of(uid).Queries, query => query.Panel != "variable" && query.Expression.Contains($"\"${Text(variable, "name")}\"", StringComparison.Ordinal));
        }
    }

    // panel-datasource-rule, panel-title-description-rule, panel-units-rule, panel-no-targets-rule
    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Panels_SayWhatTheyAre(string uid)
    {
        foreach (var panel in Of(uid).Panels)
        {
            var title = Text(panel, "title");
            Assert.NotEmpty(title);
            Assert.True(Text(panel, "description").EndsWith('.'), $"{title} has no description");
            Assert.Contains(Text(panel, "type"), Types);
            AssertChosenSource(panel);
            var defaults = panel["fieldConfig"]!["defaults"]!;
            Assert.Contains(Text(defaults, "unit"), Units);
            Assert.True(Text(defaults, "noValue").Length > 1, $"{title} shows nothing, or 0, where nothing is measured");
            var targets = panel["targets"]!.AsArray();
            Assert.NotEmpty(targets);
            Assert.Distinct(targets.Select(target => Text(target!, "refId")));
            Assert.All(targets, target =>
            {
                AssertChosenSource(target!);
                Assert.NotEmpty(Text(target!, "legendFormat"));
                Assert.NotEqual(target!["instant"]!.GetValue<bool>(), target["range"]!.GetValue<bool>());
            });
        }

        Assert.Distinct(Of(uid).Panels.Select(panel => Text(panel, "title")));
    }

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Panels_LieWithinTheGrid_AndNotUponEachOther(string uid)
    {
        var taken = new HashSet<(int, int)>();
        foreach (var panel in Of(uid).Json["panels"]!.AsArray())
        {
            var place = panel!["gridPos"]!;
            var (x, y, width, height) = (Number("x"), Number("y"), Number("w"), Number("h"));
            Assert.True(x >= 0 && x + width <= Columns, $"{panel["title"]} reaches out of the grid");
            Assert.True(width >= 4, $"{panel["title"]} is too narrow to read at 1280 pixels");
            Assert.All(
                Enumerable.Range(x, width).SelectMany(column => Enumerable.Range(y, height).Select(row => (column, row))),
                cell => Assert.True(taken.Add(cell), $"{panel["title"]} lies upon another panel"));

            int Number(string name) => place[name]!.GetValue<int>();
        }

        Assert.Distinct(Of(uid).Json["panels"]!.AsArray().Select(panel => panel!["id"]!.GetValue<int>()));
    }

    // target-rate-interval-rule, but for what says how long it looks back.
    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Rates_AreOverGrafanasInterval_OrSayWhatTheyAreOver(string uid) => Assert.All(
        Of(uid).Queries.SelectMany(query => Rate().Matches(query.Expression).Select(match => (query, match))),
        rate => Assert.True(
            rate.match.Groups["length"].Value == "$__rate_interval"
            || Text(Of(uid).Panels.Single(panel => Text(panel, "title") == rate.query.Panel), "description").Contains("before each moment", StringComparison.Ordinal), rate.query.ToString()));

    // target-counter-agg-rule; but for the load per core, which counts cores by their series.
    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Counters_AreCountedOverATime(string uid) => Assert.All(
        Of(uid).Queries.Where(query => query.Panel is not ("variable" or "Load per core")).SelectMany(query => Counter().Matches(query.Expression).Select(match => (query, match))),
        counter => Assert.True(Counters.Contains(counter.match.Groups["function"].Value), counter.query.ToString()));

    // template-job-rule, template-instance-rule, target-job-rule, target-instance-rule: of the automation platform.
    [Fact]
    public void Queries_OfTheAutomation_AreOfTheChosenProcesses()
    {
        Assert.NotEmpty(GrafanaDashboard.Automation);
        foreach (var query in GrafanaDashboard.Automation.SelectMany(dashboard => dashboard.Queries).Where(query => query.Panel is not ("variable" or "annotation")))
        {
            var selectors = Selector().Matches(query.Expression);
            Assert.All(selectors, selector => Assert.True(selector.Value.StartsWith("{job=~\"$job\",instance=~\"$instance\"", StringComparison.Ordinal), query.ToString()));
            Assert.All(query.Metrics, metric => Assert.DoesNotMatch($@"\b{metric}(?!\w|\{{)", query.Expression));
        }
    }

    // Heat maps and tables of a thousand runners are no picture: what is by name is cut, or a line of a table.
    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Series_ByName_AreAtMostTwenty(string uid) => Assert.All(
        Of(uid).Panels.Where(panel => Text(panel, "type") != "table").SelectMany(panel => panel["targets"]!.AsArray()),
        target => Assert.True(
            !Names().IsMatch(Text(target!, "legendFormat")) || Cut().IsMatch(Text(target!, "expr")), $"{target!["expr"]} is not cut by topk or bottomk"));

    [Fact]
    public void Alerts_LinkToADashboard_WithVariablesThatItHas()
    {
        var rules = Path.Combine(RepositoryFolder.Path, "dashboards", "prometheus", "rules");
        var links = Directory.EnumerateFiles(rules, "*.yml").SelectMany(file => AlertLink().Matches(File.ReadAllText(file))).ToList();
        Assert.NotEmpty(links);
        Assert.All(links, link =>
        {
            var variables = Of(link.Groups["uid"].Value).Variables.Select(variable => Text(variable, "name")).ToList();
            Assert.All(LinkVariable().Matches(link.Groups["rest"].Value), variable => Assert.Contains(variable.Groups["name"].Value, variables));
        });
    }

    [Fact]
    public void Provisioning_KeepsTheFilesAsTheyAre()
    {
        var provider = File.ReadAllText(Path.Combine(Folder, "provisioning", "dashboards", "runner-metrics.yml"));
        Assert.Contains("allowUiUpdates: false", provider, StringComparison.Ordinal);
        Assert.Contains("disableDeletion: true", provider, StringComparison.Ordinal);
        var sources = File.ReadAllText(Path.Combine(Folder, "provisioning", "datasources", "runner-metrics.yml"));
        Assert.Contains("uid: prometheus", sources, StringComparison.Ordinal);
        Assert.Contains("type: alertmanager", sources, StringComparison.Ordinal);
    }

    private static void AssertChosenSource(JsonNode node) => Assert.Equal(
        ("prometheus", "${datasource}"), (Text(node["datasource"]!, "type"), Text(node["datasource"]!, "uid")));

    // dashboard_url: http://localhost:3000/d/job-analysis?var-runner_name={{ $labels.runner_name }}
    [GeneratedRegex(@"dashboard_url: \S+/d/(?<uid>[a-z-]+)(?<rest>.*)")]
    private static partial Regex AlertLink();

    [GeneratedRegex(@"[?&]var-(?<name>\w+)=")]
    private static partial Regex LinkVariable();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Selector();

    // rate(name{…}[$__rate_interval])
    [GeneratedRegex(@"\bi?rate\([^\[]*\[(?<length>[^\]]*)\]")]
    private static partial Regex Rate();

    // increase(github_runner_jobs_total{
    [GeneratedRegex(@"(?<function>\w+)?\(?(?:\{__name__="")?(?<![\w:])(?:\w+_total|\w+_bucket)(?![\w:])")]
    private static partial Regex Counter();

    [GeneratedRegex(@"\{\{(?:runner_name|name|instance|repository|workflow|mountpoint)\}\}")]
    private static partial Regex Names();

    // The exporters themselves are few.
    [GeneratedRegex(@"\b(?:topk|bottomk)\((?:10|20),|runner_metrics_build_info")]
    private static partial Regex Cut();
}
