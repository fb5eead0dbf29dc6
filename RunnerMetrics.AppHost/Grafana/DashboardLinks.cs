using System.Text.Json;

namespace RunnerMetrics.AppHost.Grafana;

/// <summary>The dashboards that a Grafana has, as a list that a person can click on.</summary>
internal static class DashboardLinks
{
    /// <summary>What to ask Grafana for.</summary>
    public const string Query = "/api/search?type=dash-db&folderUIDs=" + GrafanaSettings.FolderUid;

    /// <summary>Reads Grafana's answer: <c>[{"uid":"x","title":"Runner overview","url":"/d/x/runner-overview",…}]</c>.</summary>
    /// <param name="json">The answer.</param>
    /// <param name="grafana">Where Grafana is.</param>
    /// <returns>Markdown, a line for each dashboard, by title.</returns>
    public static string ToMarkdown(string json, Uri grafana)
    {
        using var answer = JsonDocument.Parse(json);
        return string.Join(
            '\n',
            answer.RootElement.EnumerateArray()
                .Select(board => (Title: board.GetProperty("title").GetString(), Url: board.GetProperty("url").GetString()))
                .OrderBy(board => board.Title, StringComparer.Ordinal)
                .Select(board => $"- [{board.Title}]({new Uri(grafana, board.Url)})"));
    }
}
