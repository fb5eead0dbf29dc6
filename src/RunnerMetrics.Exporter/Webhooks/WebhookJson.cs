using System.Text.Json.Serialization;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>The payloads that are read, by code that is made when this is built.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WorkflowJobPayload))]
[JsonSerializable(typeof(DeploymentPayload))]
[JsonSerializable(typeof(PushPayload))]
[JsonSerializable(typeof(WorkflowRunPayload))]
internal sealed partial class WebhookJson : JsonSerializerContext;
