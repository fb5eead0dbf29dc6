using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.GitHub;
using RunnerMetrics.Simulator.GitHub.Rest;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Api;

/// <summary>The document that the exporter serves is what its calls are described as. To write it anew: <c>UPDATE_DOCS=1</c>.</summary>
public class OpenApiTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public void Document_Calls_AreThoseOfTheExporter()
    {
        var path = Path.Combine(RepositoryFolder.Path, "src/RunnerMetrics.Exporter/Api/openapi.json");
        var right = OpenApiDocument.Make().ToJsonString(Indented) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, right);
        }

        Assert.Equal(right, File.ReadAllText(path));
    }

    [Fact]
    public async Task Document_EveryCall_IsAnsweredAsItSays()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.SetRunner(new FakeRunner(1, "r2", "self-hosted"));
        await using var fleet = await ApiFleet.StartAsync(new ExporterOptions { WebhooksWithoutSecret = true, GitHub = rig.AsApp() });
        await Wait.UntilAsync(async () => (await fleet.Exporter.AskAsync("github"))["registered"]!.AsArray().Count > 0, "GitHub has told of its runners");
        await fleet.RunJobsAsync(3);
        await fleet.SendAsync(Support.AgentEvents.Heartbeat("1"), Support.AgentEvents.Deployment("d", "1"));
        var id = (string)(await fleet.Exporter.AskAsync("jobs"))["items"]![0]!["id"]!;
        var document = await JsonNode.ParseAsync(
            await fleet.Exporter.Client.GetStreamAsync(new Uri("/api/v1/openapi.json", UriKind.Relative), Support.RunningExporter.Cancelled), cancellationToken: Support.RunningExporter.Cancelled);
        foreach (var (path, call) in document!["paths"]!.AsObject())
        {
            var content = call!["get"]!["responses"]!["200"]!["content"]!.AsObject();
            if (!content.ContainsKey("application/json"))
            {
                continue;
            }

            var answer = await fleet.Exporter.AskAsync(path["/api/v1/".Length..].Replace("{id}", id, StringComparison.Ordinal) + (path.EndsWith("/runner", StringComparison.Ordinal) ? "?name=r1" : ""));
            Holds(answer, content["application/json"]!["schema"]!.AsObject(), document["components"]!["schemas"]!.AsObject(), path);
        }
    }

    // Every field is described, and every field that is required is there.
    private static void Holds(JsonObject answer, JsonObject schema, JsonObject schemas, string where)
    {
        var described = (schema["$ref"] is { } reference ? schemas[((string)reference!).Split('/')[^1]]! : schema).AsObject();
        var properties = described["properties"]?.AsObject() ?? [];
        foreach (var (name, value) in answer)
        {
            Assert.True(properties.ContainsKey(name) || described.ContainsKey("additionalProperties"), $"{where}: {name} is not described.");
            if (value is JsonArray { Count: > 0 } items && items[0] is JsonObject first)
            {
                Holds(first, properties[name]!["items"]!.AsObject(), schemas, $"{where} {name}");
            }
        }

        foreach (var name in described["required"]?.AsArray() ?? [])
        {
            Assert.True(answer.ContainsKey((string)name!), $"{where}: {name} is missing.");
        }
    }
}
