using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;

namespace RunnerMetrics.Exporter.Tests.Telemetry;

/// <summary>
/// Reads OTLP's binary form without OpenTelemetry's code, and writes its JSON form (OTLP specification, "JSON Protobuf Encoding": ids in hexadecimal digits, 64-bit numbers as texts, enums as numbers). A field
/// that is not in the tables here fails the reading.
/// </summary>
internal static class OtlpJson
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Message Value = new() { [1] = ("stringValue", Kind.Text), [2] = ("boolValue", Kind.Bool), [3] = ("intValue", Kind.Int64), [4] = ("doubleValue", Kind.Double) };
    private static readonly Message Attribute = new() { [1] = ("key", Kind.Text), [2] = ("value", Value) };
    private static readonly Message Resource = new() { [1] = ("attributes", Many(Attribute)), [2] = ("droppedAttributesCount", Kind.Number) };
    private static readonly Message Scope = new() { [1] = ("name", Kind.Text), [2] = ("version", Kind.Text), [3] = ("attributes", Many(Attribute)) };
    private static readonly Message Link = new() { [1] = ("traceId", Kind.Hex), [2] = ("spanId", Kind.Hex), [4] = ("attributes", Many(Attribute)), [6] = ("flags", Kind.Fixed32) };
    private static readonly Message Status = new() { [2] = ("message", Kind.Text), [3] = ("code", Kind.Number) };

    private static readonly Message Span = new()
    {
        [1] = ("traceId", Kind.Hex),
        [2] = ("spanId", Kind.Hex),
        [4] = ("parentSpanId", Kind.Hex),
        [5] = ("name", Kind.Text),
        [6] = ("kind", Kind.Number),
        [7] = ("startTimeUnixNano", Kind.Fixed64),
        [8] = ("endTimeUnixNano", Kind.Fixed64),
        [9] = ("attributes", Many(Attribute)),
        [10] = ("droppedAttributesCount", Kind.Number),
        [12] = ("droppedEventsCount", Kind.Number),
        [13] = ("links", Many(Link)),
        [14] = ("droppedLinksCount", Kind.Number),
        [15] = ("status", Status),
        [16] = ("flags", Kind.Fixed32),
    };

    private static readonly Message NumberPoint = new()
    {
        [2] = ("startTimeUnixNano", Kind.Fixed64),
        [3] = ("timeUnixNano", Kind.Fixed64),
        [4] = ("asDouble", Kind.Double),
        [6] = ("asInt", Kind.SignedFixed64),
        [7] = ("attributes", Many(Attribute)),
    };

    private static readonly Message HistogramPoint = new()
    {
        [2] = ("startTimeUnixNano", Kind.Fixed64),
        [3] = ("timeUnixNano", Kind.Fixed64),
        [4] = ("count", Kind.Fixed64),
        [5] = ("sum", Kind.Double),
        [6] = ("bucketCounts", Kind.ManyFixed64),
        [7] = ("explicitBounds", Kind.ManyDoubles),
        [9] = ("attributes", Many(Attribute)),
    };

    private static readonly Message Gauge = new() { [1] = ("dataPoints", Many(NumberPoint)) };
    private static readonly Message Sum = new() { [1] = ("dataPoints", Many(NumberPoint)), [2] = ("aggregationTemporality", Kind.Number), [3] = ("isMonotonic", Kind.Bool) };
    private static readonly Message Histogram = new() { [1] = ("dataPoints", Many(HistogramPoint)), [2] = ("aggregationTemporality", Kind.Number) };
    private static readonly Message Metric = new()
    {
        [1] = ("name", Kind.Text),
        [2] = ("description", Kind.Text),
        [3] = ("unit", Kind.Text),
        [5] = ("gauge", Gauge),
        [7] = ("sum", Sum),
        [9] = ("histogram", Histogram),
    };

    private static readonly Message ScopeSpans = new() { [1] = ("scope", Scope), [2] = ("spans", Many(Span)), [3] = ("schemaUrl", Kind.Text) };
    private static readonly Message ScopeMetrics = new() { [1] = ("scope", Scope), [2] = ("metrics", Many(Metric)), [3] = ("schemaUrl", Kind.Text) };
    private static readonly Message ResourceSpans = new() { [1] = ("resource", Resource), [2] = ("scopeSpans", Many(ScopeSpans)), [3] = ("schemaUrl", Kind.Text) };
    private static readonly Message ResourceMetrics = new() { [1] = ("resource", Resource), [2] = ("scopeMetrics", Many(ScopeMetrics)), [3] = ("schemaUrl", Kind.Text) };

    private enum Kind
    {
        Text,
        Hex,
        Bool,
        Number,
        Int64,
        Fixed32,
        Fixed64,
        SignedFixed64,
        Double,
        ManyFixed64,
        ManyDoubles,
    }

    /// <summary>A request of traces.</summary>
    public static JsonObject Traces(byte[] request) => Read(request, new Message { [1] = ("resourceSpans", Many(ResourceSpans)) });

    /// <summary>A request of metrics.</summary>
    public static JsonObject Metrics(byte[] request) => Read(request, new Message { [1] = ("resourceMetrics", Many(ResourceMetrics)) });

    /// <summary>The spans of requests, in their order.</summary>
    public static List<JsonObject> SpansIn(IEnumerable<byte[]> requests) =>
        [.. requests.SelectMany(request => All(All(Traces(request)["resourceSpans"], "scopeSpans"), "spans"))];

    /// <summary>The same as text, without what differs by machine and version.</summary>
    public static string Text(JsonObject message)
    {
        foreach (var resource in message.First().Value!.AsArray())
        {
            resource!["resource"]!["attributes"] = new JsonArray(
                [.. resource["resource"]!["attributes"]!.AsArray().Where(attribute => (string?)attribute!["key"] == "service.name").Select(attribute => attribute!.DeepClone())]);
            foreach (var scope in resource.AsObject().Where(part => part.Key.StartsWith("scope", StringComparison.Ordinal)).SelectMany(part => part.Value!.AsArray()))
            {
                scope!["scope"]!.AsObject().Remove("version");
            }
        }

        return message.ToJsonString(Readable) + "\n";
    }

    private static IEnumerable<JsonObject> All(JsonNode? nodes, string part) => All(nodes!.AsArray().Select(node => node!.AsObject()), part);

    private static IEnumerable<JsonObject> All(IEnumerable<JsonObject> nodes, string part) => nodes.SelectMany(node => node[part]!.AsArray()).Select(node => node!.AsObject());

    private static List<Message> Many(Message of) => [of];

    private static JsonObject Read(byte[] bytes, Message message)
    {
        var read = new JsonObject();
        using var input = new CodedInputStream(bytes);
        while (input.ReadTag() is not 0 and var tag)
        {
            var number = WireFormat.GetTagFieldNumber(tag);
            Assert.True(message.TryGetValue(number, out var field), $"Field {number} is not in the table of {string.Join(", ", message.Values.Select(known => known.Name))}.");
            switch (field.Type)
            {
                case Message of:
                    read[field.Name] = Read(input.ReadBytes().ToByteArray(), of);
                    break;
                case List<Message> many:
                    ((JsonArray)(read[field.Name] ??= new JsonArray())).Add((JsonNode)Read(input.ReadBytes().ToByteArray(), many[0]));
                    break;
                default:
                    read[field.Name] = Read(input, (Kind)field.Type);
                    break;
            }
        }

        return read;
    }

    private static JsonNode Read(CodedInputStream input, Kind kind) => kind switch
    {
        Kind.Text => input.ReadString(),
        Kind.Hex => Convert.ToHexStringLower(input.ReadBytes().Span),
        Kind.Bool => input.ReadBool(),
        Kind.Number => input.ReadInt32(),
        Kind.Int64 => input.ReadInt64().ToString(CultureInfo.InvariantCulture),
        Kind.Fixed32 => input.ReadFixed32(),
        Kind.Fixed64 => input.ReadFixed64().ToString(CultureInfo.InvariantCulture),
        Kind.SignedFixed64 => input.ReadSFixed64().ToString(CultureInfo.InvariantCulture),
        Kind.Double => input.ReadDouble(),
        Kind.ManyFixed64 => new JsonArray([.. Packed(input).Select(bytes => JsonValue.Create(BitConverter.ToUInt64(bytes).ToString(CultureInfo.InvariantCulture)))]),
        _ => new JsonArray([.. Packed(input).Select(bytes => JsonValue.Create(BitConverter.ToDouble(bytes)))]),
    };

    private static IEnumerable<byte[]> Packed(CodedInputStream input) => input.ReadBytes().ToByteArray().Chunk(8);

    /// <summary>A message's fields by number: each a kind, a message, or a list of one message for many.</summary>
    private sealed class Message : Dictionary<int, (string Name, object Type)>;
}
