using System.Text.Json.Serialization;

namespace RunnerMetrics.Agent.Diagnostics;

[JsonSerializable(typeof(DiagCheckpoint))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true)]
internal sealed partial class CheckpointJson : JsonSerializerContext;
