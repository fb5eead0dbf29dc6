using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>The payloads that are read, by code that is made when this is built.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WorkflowJobPayload))]
[JsonSerializable(typeof(DeploymentPayload))]
[JsonSerializable(typeof(PushPayload))]
[JsonSerializable(typeof(WorkflowRunPayload))]
internal sealed partial class WebhookJson : JsonSerializerContext
{
    /// <summary>Reads a payload that lies in several pieces of memory.</summary>
    /// <exception cref="JsonException">It is no JSON, or a field that is used is of another type.</exception>
    public static T? Read<T>(in ReadOnlySequence<byte> payload, JsonTypeInfo<T> type)
        where T : class
    {
        if (payload.IsSingleSegment)
        {
            return JsonSerializer.Deserialize(payload.FirstSpan, type);
        }

        var reader = new Utf8JsonReader(payload);
        var value = JsonSerializer.Deserialize(ref reader, type);
        reader.Read(); // throws where something stands behind the value
        return value;
    }
}
