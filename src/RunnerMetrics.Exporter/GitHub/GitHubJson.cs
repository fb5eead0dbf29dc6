using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>The answers that are read, by code that is made when this is built.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(MessagePart))]
[JsonSerializable(typeof(TokenPart))]
[JsonSerializable(typeof(InstallationPart[]))]
[JsonSerializable(typeof(RunnersPart))]
[JsonSerializable(typeof(DeprecationPart))]
[JsonSerializable(typeof(DeliveryPart[]))]
[JsonSerializable(typeof(HookPart[]))]
[JsonSerializable(typeof(HookConfigPart))]
[JsonSerializable(typeof(RepositoryItem))]
[JsonSerializable(typeof(RepositoryItem[]))]
[JsonSerializable(typeof(RepositoriesPart))]
[JsonSerializable(typeof(RunsPart))]
[JsonSerializable(typeof(JobsPart))]
[JsonSerializable(typeof(RateLimitPart))]
internal sealed partial class GitHubJson : JsonSerializerContext
{
    /// <summary>Reads an answer; null where it is none that can be used.</summary>
    public static T? TryRead<T>(ReadOnlySequence<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return JsonSerializer.Deserialize(ref reader, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
