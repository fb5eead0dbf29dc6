using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;
using RunnerMetrics.Grpc.Health;
using V1 = RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Grpc.Tests;

/// <summary>A call for a foreign client to make.</summary>
internal sealed record ForeignCall(JsonNode Request)
{
    public string Method { get; init; } = Collector.ReportEvents.Path;

    public string? Token { get; init; }

    public string? Compression { get; init; }

    public double? Timeout { get; init; }

    public static ForeignCall Health(string service) =>
        new(new JsonObject { ["service"] = service }) { Method = "/grpc.health.v1.Health/Check" };

    public static ForeignCall Report(int events, string senderId = "") =>
        new(JsonNode.Parse(Google.Protobuf.JsonFormatter.Default.Format(Collector.Batch(events, senderId)))!);

    /// <summary>Has the calls made by "grpcio" or "grpc-js", one after the other over one connection (grpc-js: one for each compression).</summary>
    public static async Task<ForeignAnswer[]> MakeAsync(string client, Uri address, params ForeignCall[] calls)
    {
        await using ForeignProgram program = ForeignProgram.Start(client == "grpcio" ? "grpcio_client.py" : "grpcjs_client.js");
        var job = new JsonObject
        {
            ["address"] = address.Authority,
            ["protos"] = new JsonArray(
                Path.Combine(ForeignProgram.Root, "src", "RunnerMetrics.Contracts", "Protos", "job_events.proto"),
                Path.Combine(ForeignProgram.Root, "src", "RunnerMetrics.Grpc", "Protos", "health.proto")),
            ["descriptors"] = new JsonArray(Serialized(V1.JobEventsReflection.Descriptor), Serialized(HealthReflection.Descriptor)),
            ["calls"] = new JsonArray([.. calls.Select(call => call.ToJson(client))]),
        };
        string output = await program.RunAsync(job.ToJsonString());
        return JsonSerializer.Deserialize<ForeignAnswer[]>(output, JsonSerializerOptions.Web)!;
    }

    private static JsonNode Serialized(FileDescriptor file) => file.SerializedData.ToBase64();

    private JsonObject ToJson(string client)
    {
        bool isHealth = Method.Contains("Health", StringComparison.Ordinal);
        return new JsonObject
        {
            ["method"] = Method,
            ["request_type"] = isHealth ? "grpc.health.v1.HealthCheckRequest" : "runnermetrics.v1.ReportEventsRequest",
            ["response_type"] = isHealth ? "grpc.health.v1.HealthCheckResponse" : "runnermetrics.v1.ReportEventsResponse",
            ["request"] = client == "grpcio" ? Request.DeepClone() : ForProtobufJs(Request),
            ["metadata"] = Token is null ? new JsonObject() : new JsonObject { ["authorization"] = $"Bearer {Token}" },
            ["timeout"] = Timeout,
            ["compression"] = Compression,
        };
    }

    /// <summary>protobuf.js takes names as the proto has them, and a timestamp as its fields.</summary>
    private static JsonNode? ForProtobufJs(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(
            JsonNamingPolicy.SnakeCaseLower.ConvertName(field.Key),
            field.Key == "sentAt" ? new JsonObject { ["seconds"] = 1_795_219_200 } : ForProtobufJs(field.Value)))),
        JsonArray items => new JsonArray([.. items.Select(ForProtobufJs)]),
        _ => node?.DeepClone(),
    };
}

/// <summary>What the foreign client says came of a call.</summary>
internal sealed record ForeignAnswer(int Code, string Details, JsonObject? Response, Dictionary<string, string> Headers)
{
    public GrpcStatusCode Status => (GrpcStatusCode)Code;
}
