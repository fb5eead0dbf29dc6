using System.ComponentModel;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>What became of webhooks that the exporter missed, since it started.</summary>
internal sealed record MissedWebhooksAnswer
{
    [Description("How many were found.")]
    public required long Found { get; init; }

    [Description("How many of them GitHub delivered again, and the exporter took.")]
    public required long Recovered { get; init; }

    [Description("How many could not be had.")]
    public required long GivenUp { get; init; }

    [Description("How many are still asked for.")]
    public required int Missing { get; init; }
}
