using System.ComponentModel;

namespace RunnerMetrics.Exporter.Api;

/// <summary>Why a request has no answer (RFC 9457).</summary>
internal sealed record ApiProblem
{
    [Description("The status of HTTP in words.")]
    public required string Title { get; init; }

    [Description("The status of HTTP.")]
    public required int Status { get; init; }

    [Description("What is wrong, and what would be right.")]
    public required string Detail { get; init; }

    [Description("The same for each parameter.")]
    public IReadOnlyList<ApiError>? Errors { get; init; }
}
