namespace RunnerMetrics.Dashboards.Model;

/// <summary>A choice at the top of a dashboard: several values, or all; or a text that is typed.</summary>
/// <param name="Name">Its name in queries and links.</param>
/// <param name="Label">Its name for people.</param>
/// <param name="Metric">The series whose labels are offered; empty for a text.</param>
internal sealed record Variable(string Name, string Label, string Metric)
{
    /// <summary>The label whose values are offered, where it is not the variable's name.</summary>
    public string? SourceLabel { get; init; }

    /// <summary>What every choice together is in a query, as a regular expression.</summary>
    public string AllValue { get; init; } = ".+";

    /// <summary>The text that stands there at first; null for a choice.</summary>
    public string? Text { get; init; }
}
