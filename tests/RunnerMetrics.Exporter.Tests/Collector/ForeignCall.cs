using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Collector;

/// <summary>A call for a foreign client to make.</summary>
internal sealed record ForeignCall(JsonNode Request)
{
    public string Method { get; init; } = RawCall.ReportEvents;

    public string? Token { get; init; }

    public string? Compression { get; init; }

    public static ForeignCall Health(string service) => new(new JsonObject { ["service"] = service }) { Method = "/grpc.health.v1.Health/Check" };

    public static ForeignCall Report(ReportEventsRequest request) => new(JsonNode.Parse(JsonFormatter.Default.Format(request))!);

    /// <summary>Has the calls made by "grpcio" or "grpc-js", one after the other over one connection (grpc-js: one for each compression).</summary>
    public static async Task<ForeignAnswer[]> MakeAsync(string client, Uri address, params ForeignCall[] calls)
    {
        var job = new JsonObject
        {
            ["address"] = address.Authority,
            ["protos"] = new JsonArray(ForeignProgram.Contract, Path.Combine(ForeignProgram.Folder, "health.proto")),
            ["descriptors"] = new JsonArray(Serialized(JobEventsReflection.Descriptor), Serialized(HealthReflection.Descriptor)),
            ["calls"] = new JsonArray([.. calls.Select(call => call.ToJson(client))]),
        };
        var answers = await ForeignProgram.RunAsync(client == "grpcio" ? "grpcio_client.py" : "grpcjs_client.js", job.ToJsonString());
        return JsonSerializer.Deserialize<ForeignAnswer[]>(answers, JsonSerializerOptions.Web)!;
    }

    private static JsonNode Serialized(FileDescriptor file) => file.SerializedData.ToBase64();

    private JsonObject ToJson(string client)
    {
        var isHealth = Method.Contains("Health", StringComparison.Ordinal);
        return new JsonObject
        {
            ["method"] = Method,
            ["request_type"] = isHealth ? HealthCheckRequest.Descriptor.FullName : ReportEventsRequest.Descriptor.FullName,
            ["response_type"] = isHealth ? HealthCheckResponse.Descriptor.FullName : ReportEventsResponse.Descriptor.FullName,
            ["request"] = client == "grpcio" ? Request.DeepClone() : ForProtobufJs(Request),
            ["metadata"] = Token is null ? new JsonObject() : new JsonObject { ["authorization"] = $"Bearer {Token}" },
            ["timeout"] = 300,
            ["compression"] = Compression,
        };
    }

    /// <summary>protobuf.js takes names as the proto has them, and a timestamp as its fields.</summary>
    private static JsonNode? ForProtobufJs(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(
            JsonNamingPolicy.SnakeCaseLower.ConvertName(field.Key), field.Key.EndsWith("At", StringComparison.Ordinal) ? Seconds(field.Value!) : ForProtobufJs(field.Value)))),
        JsonArray items => new JsonArray([.. items.Select(ForProtobufJs)]),
        _ => node?.DeepClone(),
    };

    private static JsonObject Seconds(JsonNode time) => new() { ["seconds"] = time.GetValue<DateTimeOffset>().ToUnixTimeSeconds() };
}

/// <summary>What the foreign client says came of a call.</summary>
internal sealed record ForeignAnswer(int Code, string Details, JsonObject? Response, Dictionary<string, string> Headers)
{
    public StatusCode Status => (StatusCode)Code;
}
