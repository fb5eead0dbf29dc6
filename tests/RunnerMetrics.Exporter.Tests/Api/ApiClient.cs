using System.Net;
using System.Text.Json.Nodes;
using RunnerMetrics.Exporter.Tests.Support;

namespace RunnerMetrics.Exporter.Tests.Api;

/// <summary>Asks a running exporter's API.</summary>
internal static class ApiClient
{
    /// <summary>A call that is answered.</summary>
    public static async Task<JsonObject> AskAsync(this RunningExporter exporter, string path)
    {
        var (status, type, body) = await exporter.CallAsync(path);
        Assert.True(status == HttpStatusCode.OK, $"{path}: {status} {body}");
        Assert.Equal("application/json; charset=utf-8", type);
        return JsonNode.Parse(body)!.AsObject();
    }

    /// <summary>A call that is not, and why.</summary>
    public static async Task<(HttpStatusCode Status, JsonObject Problem)> RefusedAsync(this RunningExporter exporter, string path)
    {
        var (status, type, body) = await exporter.CallAsync(path);
        Assert.Equal("application/problem+json", type);
        var problem = JsonNode.Parse(body)!.AsObject();
        Assert.Equal((int)status, (int)problem["status"]!);
        return (status, problem);
    }

    /// <summary>One field of every item.</summary>
    public static async Task<string?[]> ListAsync(this RunningExporter exporter, string path, string field = "name") =>
        [.. (await exporter.AskAsync(path))["items"]!.AsArray().Select(item => item![field]?.ToString())];

    /// <summary>The same over all pages.</summary>
    public static async Task<List<string?>> ListAllAsync(this RunningExporter exporter, string path, string field = "name")
    {
        List<string?> found = [];
        for (string? after = ""; after is not null;)
        {
            var page = await exporter.AskAsync($"{path}&after={after}");
            found.AddRange(page["items"]!.AsArray().Select(item => item![field]?.ToString()));
            after = (string?)page["next"];
        }

        return found;
    }

    private static async Task<(HttpStatusCode Status, string? Type, string Body)> CallAsync(this RunningExporter exporter, string path)
    {
        using var response = await exporter.Client.GetAsync(new Uri($"/api/v1/{path}", UriKind.Relative), RunningExporter.Cancelled);
        return (response.StatusCode, response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsStringAsync(RunningExporter.Cancelled));
    }
}
