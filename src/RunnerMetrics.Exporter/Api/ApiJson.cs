using System.Text.Json.Serialization;
using RunnerMetrics.Exporter.Api.Answers;
using RunnerMetrics.Exporter.Api.Events;

namespace RunnerMetrics.Exporter.Api;

/// <summary>How answers are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(RunnersAnswer))]
[JsonSerializable(typeof(JobsAnswer))]
[JsonSerializable(typeof(QueueAnswer))]
[JsonSerializable(typeof(DeploymentsAnswer))]
[JsonSerializable(typeof(SummaryAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(GitHubViewAnswer))]
[JsonSerializable(typeof(EventAnswer))]
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class ApiJson : JsonSerializerContext;
