namespace RunnerMetrics.Dashboards.Model;

/// <summary>From which value on a colour holds; the first of a list has none and holds below the others.</summary>
/// <param name="Color">One of Grafana's named colours: they have a shade for light and one for dark.</param>
/// <param name="From">The value, or null.</param>
internal sealed record Threshold(string Color, double? From = null);
