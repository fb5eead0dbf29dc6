using System.Text.Json.Nodes;

namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>An answer of the API before limits, ETags and faults.</summary>
internal sealed record ApiAnswer(int Status, JsonNode? Body)
{
    /// <summary>Headers beside those that every answer has.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public static ApiAnswer Ok(JsonNode body) => new(200, body);

    public static ApiAnswer Refused(int status, string message) => new(status, new JsonObject
    {
        ["message"] = message,
        ["documentation_url"] = "https://docs.github.com/rest",
        ["status"] = status.ToString(System.Globalization.CultureInfo.InvariantCulture),
    });

    public static ApiAnswer NotFound { get; } = Refused(404, "Not Found");

    public ApiAnswer With(string header, string value) => this with { Headers = new Dictionary<string, string>(Headers, StringComparer.Ordinal) { [header] = value } };
}
