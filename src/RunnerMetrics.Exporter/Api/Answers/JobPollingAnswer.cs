using System.ComponentModel;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>How the jobs of all repositories are asked for.</summary>
internal sealed record JobPollingAnswer
{
    [Description("How long the last round over all repositories took, in seconds.")]
    public required double CycleSeconds { get; init; }

    [Description("When that round began: what happened before is told. The lag is the time since.")]
    public required DateTimeOffset ToldUntil { get; init; }
}
