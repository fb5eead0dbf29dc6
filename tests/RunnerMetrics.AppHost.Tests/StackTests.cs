using System.Text.Json.Nodes;
using RunnerMetrics.EndToEnd.Tests.Dashboards;

namespace RunnerMetrics.AppHost.Tests;

/// <summary>The whole stack, in containers. The images are built where they are not: minutes, the first time.</summary>
public class StackTests
{
    private static readonly TimeSpan TimeToBuild = TimeSpan.FromMinutes(25);
    private static readonly TimeSpan TimeToHappen = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stack_Started_ShowsAJobThatItWasAskedForInPrometheusAndEveryDashboardInGrafana()
    {
        await ContainerRuntime.SkipWhereThereIsNoneAsync(Cancelled);
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.RunnerMetrics_AppHost>([.. StackModel.Run, "--Speed=100"], Cancelled);
        await using var app = await builder.BuildAsync(Cancelled);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeToBuild);
        await app.StartAsync(limit.Token);
        foreach (var name in (string[])["exporter", "prometheus", "alertmanager", "grafana", "standard-1", "chrome-1", "chrome-go-1"])
        {
            await app.ResourceNotifications.WaitForResourceHealthyAsync(name, limit.Token);
        }

        // A job through a runner's container, the agent and the exporter, as Prometheus has it.
        var runner = builder.Resources.Single(resource => resource.Name == "standard-1");
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync(runner, "send-failing-job", Cancelled)).Success);
        using var prometheus = app.CreateHttpClient("prometheus", "http");
        await UntilAsync(
            async () => (await ResultAsync(prometheus, """sum(github_runner_jobs_total{runner_name="standard-1",status="failed"}) > 0""")).Count > 0,
            "Prometheus has no failed job of standard-1.");

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

    private static async Task<JsonArray> ResultAsync(HttpClient prometheus, string expression)
    {
        using var response = await prometheus.GetAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(expression)}", UriKind.Relative), Cancelled);
        var answer = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True(response.IsSuccessStatusCode, $"{expression}: {answer}");
        return JsonNode.Parse(answer)!["data"]!["result"]!.AsArray();
    }

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

    private static async Task UntilAsync(Func<Task<bool>> isTrue, string problem)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeToHappen);
        while (!await isTrue())
        {
            Assert.False(limit.IsCancellationRequested, problem);
            await Task.Delay(TimeSpan.FromSeconds(1), Cancelled);
        }
    }
}
