using System.ComponentModel;

namespace RunnerMetrics.Exporter.Api;

/// <summary>What is wrong with one parameter.</summary>
internal sealed record ApiError
{
    [Description("The parameter.")]
    public required string Parameter { get; init; }

    [Description("What is wrong with it, and what would be right.")]
    public required string Problem { get; init; }
}
