namespace RunnerMetrics.Dashboards.Model;

/// <summary>Where a cell or a series leads to when somebody clicks it.</summary>
/// <param name="Title">What the menu says.</param>
/// <param name="Url">The address, with Grafana's variables for the labels of what was clicked.</param>
internal sealed record Link(string Title, string Url)
{
    /// <summary>Whether it leads out of Grafana, and opens in a tab of its own.</summary>
    public bool IsOutside => !Url.StartsWith("/d/", StringComparison.Ordinal);
}
