using System.ComponentModel;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>The fleet in numbers.</summary>
internal sealed record SummaryAnswer
{
    [Description("How many runners are in each state.")]
    public required RunnerCountsAnswer Runners { get; init; }

    [Description("The same by type.")]
    public required IReadOnlyList<RunnerCountsAnswer> Types { get; init; }

    [Description("The jobs; absent where the exporter keeps no history.")]
    public JobCountsAnswer? Jobs { get; init; }

    [Description("The deployments since then, by state; absent where the exporter keeps no history.")]
    public IReadOnlyDictionary<string, int>? Deployments { get; init; }

    [Description("When the exporter was asked, by its own clock, to the second.")]
    public required DateTimeOffset At { get; init; }
}
