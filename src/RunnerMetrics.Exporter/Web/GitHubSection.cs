using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.GitHub;

namespace RunnerMetrics.Exporter.Web;

/// <summary>What the page says of GitHub: what waits and why, whom GitHub and agents see differently, and what of its API does not work.</summary>
internal static class GitHubSection
{
    private const int MostRows = 100;

    public static void Append(StringBuilder page, FleetState fleet, GitHubStatus? status, DateTimeOffset now)
    {
        Table(page, "Waiting jobs", ["Labels", "Jobs", "Oldest", "Reason"], [.. fleet.DescribeWaits().Select(jobs => (string[])
            [jobs.Labels.Count > 0 ? string.Join(", ", jobs.Labels) : jobs.RunnerType, jobs.Count.ToString(CultureInfo.InvariantCulture), AgeOf(jobs.Oldest, now), WordsOf(jobs.Reason)])]);
        if (status is null)
        {
            return;
        }

        Table(page, "Runners that GitHub and agents see differently", ["Name", "Scope", "GitHub", "Agent", "Since"], [.. fleet.DescribeMismatches().Select(mismatch => (string[])
            [mismatch.Name, mismatch.Scope, mismatch.GitHubSays is { Length: > 0 } registered ? registered : "not registered", mismatch.AgentSays is { Length: > 0 } said ? said : "no agent", AgeOf(mismatch.Since, now)])]);
        Table(page, "GitHub's API", ["Feature", "State", "Since"], [.. status.Features.Select(feature => (string[])
            [feature.Feature, feature.Failure?.Text ?? "works", AgeOf(feature.Since, now)])]);
    }

    private static string WordsOf(string reason) => reason switch
    {
        "no_matching_runner" => "no registered runner has these labels",
        "all_busy" => "every runner that fits is busy",
        "offline" => "every runner that fits is offline",
        _ => "not known",
    };

    private static string AgeOf(DateTimeOffset since, DateTimeOffset now) =>
        now - since is { TotalMinutes: < 2 } seconds ? string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, seconds.TotalSeconds):F0} s")
        : now - since is { TotalHours: < 2 } minutes ? string.Create(CultureInfo.InvariantCulture, $"{minutes.TotalMinutes:F0} min")
        : string.Create(CultureInfo.InvariantCulture, $"{(now - since).TotalHours:F0} h");

    private static void Table(StringBuilder page, string title, string[] columns, IReadOnlyList<string[]> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        page.Append(CultureInfo.InvariantCulture, $"<h2>{Html(title)} ({rows.Count})</h2>\n<table><thead><tr>{string.Concat(columns.Select(column => $"<th>{Html(column)}</th>"))}</tr></thead><tbody>\n");
        foreach (var row in rows.Take(MostRows))
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr>{string.Concat(row.Select(cell => $"<td>{Html(cell)}</td>"))}</tr>\n");
        }

        page.Append("</tbody></table>\n");
    }

    private static string Html(string text) => HtmlEncoder.Default.Encode(text);
}
