namespace RunnerMetrics.Dashboards.Model;

/// <summary>A row, with its panels from left to right.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Panels">Its panels.</param>
internal sealed record Row(string Title, params IReadOnlyList<Panel> Panels);
