using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RunnerMetrics.AppHost.Preflight;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>
/// The stack in containers, by a real engine: our images as tests/containers/build.sh built them of our Dockerfiles, and Debian's programs in the place of the monitoring's images.
/// </summary>
[Trait("Category", "Docker")]
public class ContainerStackTests
{
    private const string Wanted = "RUNNER_METRICS_CONTAINERS";
    private static readonly string[] Images =
    [
        "--Build:Prebuilt=true",
        "--Images:Exporter=runner-metrics-test/exporter:latest",
        "--Images:RunnerStandard=runner-metrics-test/runner-standard:latest",
        "--Images:RunnerChrome=runner-metrics-test/runner-chrome:latest",
        "--Images:RunnerChromeGo=runner-metrics-test/runner-chrome-go:latest",
        "--Images:Automation=runner-metrics-test/automation:latest",
        "--Images:Prometheus=runner-metrics-test/prometheus:latest",
        "--Images:Alertmanager=runner-metrics-test/alertmanager:latest",
        "--Images:NodeExporter=runner-metrics-test/node-exporter:latest",
    ];

    private static readonly string[] Resources = ["exporter", "standard-1", "chrome-1", "chrome-go-1", "prometheus", "alertmanager", "node-exporter"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stack_InContainers_CountsAJobSurvivesAKillAndLeavesNothing()
    {
        await SkipWhereNotWantedAsync();
        var before = await ContainersAsync();
        await using (var app = await StartAsync(Images))
        {
            foreach (var name in (string[])["exporter", "prometheus", "alertmanager", "standard-1", "chrome-1", "chrome-go-1"])
            {
                await Until.HealthyAsync(app, name);
            }

            // A job through a runner's container, the agent and the exporter, as Prometheus has it.
            await RunCommandAsync(app, "standard-1", "send-failing-job");
            await HasAsync(app, """sum(github_runner_jobs_total{runner_name="standard-1",status="failed"}) > 0""");

            // By the exporter's own command in its container, with the token that it finds there.
            var refused = await TryCommandAsync(app, "exporter", "forget-runner", new InteractionInput { Name = "name", InputType = InputType.Text, Value = "standard-1" });
            Assert.False(refused.Success);
            Assert.Contains(", and is not forgotten.", refused.Message, StringComparison.Ordinal);

            var said = await RunCommandAsync(app, "chrome-1", "kill");
            Assert.Matches(@"\AKilled chrome-1 \(container [0-9a-f]{12}\)\. ", said);
            await HasAsync(app, """github_runner_status{runner_name="chrome-1"} == 0""");
            await RunCommandAsync(app, "chrome-1", KnownResourceCommands.StartCommand);
            await HasAsync(app, """github_runner_status{runner_name="chrome-1"} == 1""");
        }

        string[] left = [];
        await Until.TrueAsync(
            async () => (left = [.. (await ContainersAsync()).Except(before)]).Length == 0,
            () => $"left are the containers {string.Join(", ", left)}");
    }

    [Fact]
    public async Task Grafana_OfTheStack_HasEveryDashboardAndAnswersEveryPanel()
    {
        await SkipWhereNotWantedAsync();
        var image = $"{ImageTags.Grafana}:{ImageTags.GrafanaTag}";
        Assert.SkipUnless(
            (await ContainerEngine.AskAsync(["image", "inspect", image], Cancelled)).ExitCode == 0 || await ContainerEngine.PullAsync(image, Cancelled),
            $"image {image} is neither here nor can it be pulled");
        await using var app = await StartAsync(Images);
        await Until.HealthyAsync(app, "grafana");
        using var grafana = app.CreateHttpClient("grafana", "http");
        var found = JsonNode.Parse(await grafana.GetStringAsync(new Uri("/api/search?type=dash-db", UriKind.Relative), Cancelled))!.AsArray();
        Assert.Equal(
            GrafanaDashboard.All.Select(board => GrafanaDashboard.Text(board.Json, "uid")).Order(StringComparer.Ordinal),
            found.Select(board => board!["uid"]!.GetValue<string>()).Order(StringComparer.Ordinal));

        // Nobody can change anything.
        using var saved = await grafana.PostAsync(new Uri("/api/dashboards/db", UriKind.Relative), new StringContent("{}", null, "application/json"), Cancelled);
        Assert.False(saved.IsSuccessStatusCode);

        foreach (var query in GrafanaDashboard.All.SelectMany(board => board.Queries))
        {
            await AskLikeAPanelAsync(grafana, query.Substitute());
        }
    }

    private static async Task SkipWhereNotWantedAsync()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(Wanted) == "1", $"Containers are run where {Wanted}=1 is set: run ./test.sh --containers");
        var problem = await ContainerEngine.FindProblemAsync(builds: false, Cancelled);
        Assert.SkipUnless(problem is null, problem ?? "");
    }

    private static async Task<DistributedApplication> StartAsync(string[] arguments)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.RunnerMetrics_AppHost>(
            ["--Stack=containers", "--KeepData=false", "--Telemetry=false", "--Speed=100", .. arguments], Cancelled);
        var app = await builder.BuildAsync(Cancelled);
        await app.StartAsync(Cancelled);
        return app;
    }

    private static async Task<string> RunCommandAsync(DistributedApplication app, string name, string command)
    {
        var result = await TryCommandAsync(app, name, command);
        Assert.True(result.Success, $"{command} of {name}: {result.Message}");
        return result.Message ?? "";
    }

    private static Task<ExecuteCommandResult> TryCommandAsync(DistributedApplication app, string name, string command, params InteractionInput[] arguments)
    {
        var resource = app.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(resource => resource.Name == name);
        return app.ResourceCommands.ExecuteCommandAsync(resource, command, new InteractionInputCollection(arguments), Cancelled);
    }

    private static async Task HasAsync(DistributedApplication app, string expression)
    {
        using var prometheus = app.CreateHttpClient("prometheus", "http");
        await Until.TrueAsync(
            async () => JsonNode.Parse(await prometheus.GetStringAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(expression)}", UriKind.Relative), Cancelled))!["data"]!["result"]!.AsArray().Count > 0,
            () => $"Prometheus has no {expression}");
    }

    // By the names that Aspire gives them, "exporter-htwkyqus": other tests run containers meanwhile.
    private static async Task<string[]> ContainersAsync() =>
    [
        .. (await ContainerEngine.AskAsync(["ps", "--all", "--format", "{{.Names}}"], Cancelled, ContainerEngine.TimeToAct)).Said.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(name => Resources.Any(resource => name.StartsWith(resource + "-", StringComparison.Ordinal))),
    ];

    private static async Task AskLikeAPanelAsync(HttpClient grafana, string expression)
    {
        var query = new JsonObject
        {
            ["refId"] = "A",
            ["datasource"] = new JsonObject { ["type"] = "prometheus", ["uid"] = "prometheus" },
            ["expr"] = expression,
            ["range"] = true,
            ["intervalMs"] = 15_000,
            ["maxDataPoints"] = 500,
        };
        var request = new JsonObject { ["from"] = "now-1h", ["to"] = "now", ["queries"] = new JsonArray(query) };
        using var response = await grafana.PostAsync(
            new Uri("/api/ds/query", UriKind.Relative), new StringContent(request.ToJsonString(), null, "application/json"), Cancelled);
        var answer = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True(response.IsSuccessStatusCode, $"{expression}: {answer}");
        Assert.Null(JsonNode.Parse(answer)!["results"]!["A"]!["error"]);
    }
}
