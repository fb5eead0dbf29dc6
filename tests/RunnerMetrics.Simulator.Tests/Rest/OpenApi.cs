using System.Text.Json.Nodes;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Simulator.Tests.Rest;

/// <summary>
/// GitHub's own description of the answers that its API gives, as far as RunnerMetrics uses it: taken out of npm's @octokit/openapi 23.0.2 by the script beside it. Checks what an answer has against what
/// the description requires: the JSON Schema of OpenAPI 3.0, as far as that document uses it.
/// </summary>
internal static class OpenApi
{
    private static readonly JsonNode Document =
        JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryFolder.Path, "tests/RunnerMetrics.Simulator.Tests/Fixtures/github-api/openapi.json")))!;

    /// <summary>The operations, as <c>GET /orgs/{org}/actions/runners</c>.</summary>
    public static IReadOnlyList<string> Operations { get; } = [.. Document["answers"]!.AsObject().Select(answer => answer.Key)];

    public static int StatusOf(string operation) => (int)Document["answers"]![operation]!["status"]!;

    /// <summary>Everything that is not as the description says.</summary>
    public static IReadOnlyList<string> ProblemsOf(string operation, JsonNode? answer)
    {
        List<string> problems = [];
        Check(Document["answers"]![operation]!["schema"]!, answer, "$", problems);
        return problems;
    }

    private static void Check(JsonNode schema, JsonNode? value, string at, List<string> problems)
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            Check(Document["components"]!["schemas"]![reference.Split('/')[^1]]!, value, at, problems);
            return;
        }

        if (value is null)
        {
            // What says no type of its own may be null where one of its parts may.
            if ((bool?)schema["nullable"] != true && schema["type"] is not null)
            {
                problems.Add($"{at} is null");
            }

            return;
        }

        foreach (var part in schema["allOf"]?.AsArray() ?? [])
        {
            Check(part!, value, at, problems);
        }

        if ((schema["oneOf"] ?? schema["anyOf"])?.AsArray() is { } choices && choices.All(choice => ProblemsIn(choice!, value, at).Count > 0))
        {
            problems.Add($"{at} is none of its {choices.Count} forms");
        }

        CheckType(schema, value, at, problems);
        if (schema["enum"]?.AsArray() is { } words && !words.Any(word => JsonNode.DeepEquals(word, value)))
        {
            problems.Add($"{at} is {value.ToJsonString()}, none of {words.ToJsonString()}");
        }
    }

    private static List<string> ProblemsIn(JsonNode schema, JsonNode? value, string at)
    {
        List<string> problems = [];
        Check(schema, value, at, problems);
        return problems;
    }

    private static void CheckType(JsonNode schema, JsonNode value, string at, List<string> problems)
    {
        switch ((string?)schema["type"])
        {
            case "object" when value is JsonObject shape:
                CheckObject(schema, shape, at, problems);
                break;
            case "array" when value is JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    Check(schema["items"]!, items[i], $"{at}[{i}]", problems);
                }

                break;
            case "string" when value.GetValueKind() == System.Text.Json.JsonValueKind.String:
            case "integer" or "number" when value.GetValueKind() == System.Text.Json.JsonValueKind.Number:
            case "boolean" when value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False:
            case null:
                break;
            case var type:
                problems.Add($"{at} is {value.GetValueKind()}, not {type}");
                break;
        }
    }

    private static void CheckObject(JsonNode schema, JsonObject shape, string at, List<string> problems)
    {
        problems.AddRange((schema["required"]?.AsArray() ?? []).Select(name => (string)name!).Where(name => !shape.ContainsKey(name)).Select(name => $"{at}.{name} is missing"));
        foreach (var (name, part) in shape)
        {
            if (schema["properties"]?[name] is { } known)
            {
                Check(known, part, $"{at}.{name}", problems);
            }
        }
    }
}
