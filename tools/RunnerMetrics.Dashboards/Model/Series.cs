namespace RunnerMetrics.Dashboards.Model;

/// <summary>How one series is drawn, by its name.</summary>
/// <param name="Name">The name that the legend gives it.</param>
/// <param name="Color">A colour of its own, or null.</param>
internal sealed record Series(string Name, string? Color = null)
{
    /// <summary>Thresholds of its own, instead of a colour.</summary>
    public IReadOnlyList<Threshold> Thresholds { get; init; } = [];

    /// <summary>A unit of its own, on an axis of its own at the right.</summary>
    public string? RightAxisUnit { get; init; }
}
