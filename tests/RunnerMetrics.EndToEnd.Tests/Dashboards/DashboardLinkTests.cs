using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Testing;
using static RunnerMetrics.Testing.GrafanaDashboard;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>What a click on a runner, a repository or a failed job leads to is there: a dashboard with the variables that are set, a page of the exporter with the parameters that it reads.</summary>
public partial class DashboardLinkTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static IReadOnlyList<PanelLink> Links { get; } = [.. All.SelectMany(dashboard => dashboard.Panels.SelectMany(panel => LinksOf(panel).Select(link => new PanelLink(dashboard, panel, Text(link, "title"), Text(link, "url")))))];

    [Fact]
    public void Links_ToADashboard_SetVariablesThatItHas()
    {
        var drills = Links.Where(link => link.Url.StartsWith('/')).ToList();
        Assert.NotEmpty(drills);
        Assert.All(drills, link =>
        {
            var address = Dashboard().Match(link.Url);
            Assert.True(address.Success, $"{link} is not /d/UID?…&${{datasource:queryparam}}&${{__url_time_range}}");
            var variables = Of(address.Groups["uid"].Value).Variables.Select(variable => Text(variable, "name")).ToList();
            Assert.All(Variable().Matches(link.Url), variable => Assert.Contains(variable.Groups["name"].Value, variables));
        });
    }

    [Fact]
    public async Task Links_ToTheLivePage_AskForWhatItReads()
    {
        await using var exporter = ExporterApplication.Build(new ExporterOptions { HttpPort = 0, GrpcPort = 0 }, configure: builder => builder.Logging.ClearProviders());
        await exporter.StartAsync(Cancelled);
        using var client = new PatientHttpClient { BaseAddress = new Uri(exporter.Urls.First()) };
        var page = await client.GetStringAsync(new Uri("/", UriKind.Relative), Cancelled);
        var detail = await client.GetStringAsync(new Uri(Script().Match(page).Value.Replace("page.js", "detail.js", StringComparison.Ordinal), UriKind.Relative), Cancelled);
        HashSet<string> read = [.. Field().Matches(page).Concat(Read().Matches(detail)).Select(match => match.Groups["name"].Value)];
        string[] parameters = ["q", "type", "repository", "workflow", "conclusion", "job", "runner", "runner_type", "runner_scope"];
        Assert.Subset(read, parameters.ToHashSet());

        var links = Links.Where(link => link.Url.StartsWith("${live_page:raw}", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(links);
        Assert.All(links, link =>
        {
            Assert.StartsWith("${live_page:raw}/", link.Url, StringComparison.Ordinal);
            Assert.All(Parameter().Matches(link.Url), parameter => Assert.True(read.Contains(parameter.Groups["name"].Value), $"{link}: the page does not read {parameter.Groups["name"].Value}"));
            Assert.All(Choice().Matches(link.Url), choice => Assert.Contains($"<option value=\"{choice.Groups["value"].Value}\"", page, StringComparison.Ordinal));
        });
        await exporter.StopAsync(Cancelled);
    }

    [Fact]
    public void Links_ToGitHub_AreOfARepositoryOrAScope()
    {
        var links = Links.Where(link => !link.Url.StartsWith('/') && !link.Url.StartsWith("${live_page:raw}/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.Matches(@"^(https://\$\{__data\.fields\.runner_scope\}|\$\{github:raw\}/\$\{__data\.fields\.repository\}(/actions\?query=\S+|/deployments/\S+)?)$", link.Url));
    }

    // A variable of the dashboard, one of Grafana's, or a label that every query of the panel has.
    [Fact]
    public void Links_EachVariable_HasAValue() => Assert.All(Links, link =>
    {
        var known = link.Dashboard.Variables.Select(variable => Text(variable, "name")).Append("__url_time_range").ToList();
        foreach (var name in Placeholder().Matches(link.Url).Select(match => match.Groups["name"].Value))
        {
            if (Label().Match(name) is { Success: true } label)
            {
                Assert.Equal(Text(link.Panel, "type") == "table" ? "__data.fields." : "__field.labels.", name[..^label.Groups["label"].Value.Length]);
                Assert.All(link.Panel["targets"]!.AsArray(), target => Assert.Matches($@"\bby \([^)]*\b{label.Groups["label"].Value}\b", Text(target!, "expr")));
            }
            else
            {
                Assert.Contains(name, known);
            }
        }
    });

    [Fact]
    public void Cells_OfRunnersRepositoriesAndFailedJobs_LeadSomewhere()
    {
        foreach (var panel in All.SelectMany(dashboard => dashboard.Panels))
        {
            var (title, targets) = (Text(panel, "title"), panel["targets"]!.AsArray().Select(target => (Legend: Text(target!, "legendFormat"), Expression: Text(target!, "expr"))).ToList());
            if (Text(panel, "type") == "table")
            {
                foreach (var (label, column) in ((string, string)[])[("runner_name", "Runner"), ("repository", "Repository"), ("workflow", "Workflow")])
                {
                    Assert.True(!Regex.IsMatch(targets[0].Expression, $@"\bby \([^)]*\b{label}\b") || HasLinks(panel, column), $"{title}, {column}");
                }

                Assert.True(!targets.Exists(target => target.Legend == "Failed") || HasLinks(panel, "Failed"), title);
            }
            else if (targets.Exists(target => target.Legend.Contains("{{runner_name}}", StringComparison.Ordinal)))
            {
                Assert.True(panel["fieldConfig"]!["defaults"]!["links"]?.AsArray().Count > 0, title);
            }
        }

        static bool HasLinks(JsonObject panel, string column) => panel["fieldConfig"]!["overrides"]!.AsArray()
            .Any(rule => Text(rule!["matcher"]!, "options") == column && rule["properties"]!.AsArray().Any(property => Text(property!, "id") == "links"));
    }

    private static IEnumerable<JsonNode> LinksOf(JsonObject panel) =>
    [
        .. panel["fieldConfig"]!["defaults"]!["links"]?.AsArray().Select(link => link!) ?? [],
        .. panel["fieldConfig"]!["overrides"]!.AsArray().SelectMany(rule => rule!["properties"]!.AsArray()).Where(property => Text(property!, "id") == "links").SelectMany(property => property!["value"]!.AsArray()).Select(link => link!),
    ];

    private sealed record PanelLink(GrafanaDashboard Dashboard, JsonObject Panel, string Title, string Url)
    {
        public override string ToString() => $"{Dashboard.File}, {Text(Panel, "title")}, {Title}: {Url}";
    }

    // /d/job-analysis?var-runner_name=${__data.fields.runner_name:percentencode}&${datasource:queryparam}&${__url_time_range}
    [GeneratedRegex(@"^/d/(?<uid>[a-z-]+)\?(?:var-\w+=\$\{[\w.]+:percentencode\}&)+\$\{datasource:queryparam\}&\$\{__url_time_range\}$")]
    private static partial Regex Dashboard();

    [GeneratedRegex(@"[?&]var-(?<name>\w+)=")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\$\{(?<name>[\w.]+)(?::\w+)?\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"^__(?:data\.fields|field\.labels)\.(?<label>\w+)$")]
    private static partial Regex Label();

    [GeneratedRegex(@"[?&](?<name>\w+)=")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"[?&]conclusion=(?<value>\w+)")]
    private static partial Regex Choice();

    // <select name="type">, <input id="q" name="q" …>
    [GeneratedRegex(@"<(?:input|select)[^>]* name=""(?<name>\w+)""")]
    private static partial Regex Field();

    [GeneratedRegex(@"query\.get\('(?<name>\w+)'\)")]
    private static partial Regex Read();

    [GeneratedRegex(@"/assets/[^/""]+/page\.js")]
    private static partial Regex Script();
}
