using System.ComponentModel;
using System.Text.Json.Serialization;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>The exporter's own health. What is not known is absent.</summary>
internal sealed record HealthAnswer
{
    [Description("The exporter's version.")]
    public required string Version { get; init; }

    [Description("When it started.")]
    public required DateTimeOffset StartedAt { get; init; }

    [Description("Whether events are taken and made durable.")]
    public required bool Ready { get; init; }

    [Description("Why not.")]
    public string? Problem { get; init; }

    [Description("Whether webhooks are let in.")]
    public required bool Webhooks { get; init; }

    [Description("Whether GitHub's API is asked.")]
    [JsonPropertyName("github")]
    public required bool GitHub { get; init; }

    [Description("When a webhook was last let in, since the exporter started.")]
    public DateTimeOffset? WebhookHeardAt { get; init; }

    [Description("When an agent was last heard.")]
    public DateTimeOffset? AgentHeardAt { get; init; }

    [Description("Events that were rejected since the exporter started, by where they came from and why.")]
    public required IReadOnlyList<RejectionAnswer> Rejected { get; init; }

    [Description("Whether anything outlives the process.")]
    public required bool Durable { get; init; }

    [Description("Bytes of the journal behind its last snapshot.")]
    public long? JournalBytes { get; init; }

    [Description("For how many days jobs and deployments are kept.")]
    public double? HistoryDays { get; init; }

    [Description("Samples that the last scrape showed.")]
    public int? Series { get; init; }

    [Description("Series that a limit left out.")]
    public required long DroppedSeries { get; init; }

    [Description("How many runners may have series of their own.")]
    public required int MaxRunners { get; init; }
}
