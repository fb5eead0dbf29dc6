using System.ComponentModel;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>Events that were rejected.</summary>
internal sealed record RejectionAnswer
{
    [Description("grpc or webhook.")]
    public required string Source { get; init; }

    [Description("Why.")]
    public required string Reason { get; init; }

    [Description("How many.")]
    public required long Events { get; init; }
}
