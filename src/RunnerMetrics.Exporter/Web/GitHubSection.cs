using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.GitHub;

namespace RunnerMetrics.Exporter.Web;

/// <summary>What GitHub's API tells: what waits and why, which runners GitHub and agents see differently, and which of its features do not work. It is as of the moment when the page was sent.</summary>
internal static class GitHubSection
{
    private const int MostRows = 100;

    public static Html GitHub(this Html html, FleetState fleet, GitHubStatus? status, DateTimeOffset now)
    {
        if (status is null)
        {
            return html;
        }

        html.Section("github", "GitHub's API").Add($"""<p class="none">As of """).Time(now, now).Add($"</p>");
        html.Table("Waiting jobs", ["Labels", "Jobs", "Oldest", "Reason"], fleet.DescribeWaits(), (html, jobs) => html
            .Cell(jobs.Labels.Count > 0 ? string.Join(", ", jobs.Labels) : jobs.RunnerType).Cell($"{jobs.Count}").Cell(jobs.Oldest, now).Cell(WordsOf(jobs.Reason)));
        html.Table("Runners that GitHub and agents see differently", ["Name", "Scope", "GitHub", "Agent", "Since"], fleet.DescribeMismatches(), (html, mismatch) => html
            .Cell(mismatch.Name).Cell(mismatch.Scope).Cell(mismatch.GitHubSays is { Length: > 0 } registered ? registered : "not registered")
            .Cell(mismatch.AgentSays is { Length: > 0 } said ? said : "no agent").Cell(mismatch.Since, now));
        return html.Table("Features", ["Feature", "State", "Since"], status.Features, (html, feature) => html
            .Cell(feature.Feature).Cell(feature.Failure?.Text ?? "works").Cell(feature.Since, now)).Add($"</section>");
    }

    private static string WordsOf(string reason) => reason switch
    {
        "no_matching_runner" => "no registered runner has these labels",
        "all_busy" => "every runner that fits is busy",
        "offline" => "every runner that fits is offline",
        _ => "not known",
    };

    private static Html Cell(this Html html, string text) => html.Add($"<td>{text}</td>");

    private static Html Cell(this Html html, DateTimeOffset since, DateTimeOffset now) => html.Add($"<td>").Time(since, now, isElapsed: true).Add($"</td>");

    private static Html Table<T>(this Html html, string title, string[] columns, IReadOnlyList<T> rows, Action<Html, T> write)
    {
        if (rows.Count == 0)
        {
            return html;
        }

        html.Add($"""<h3>{title} ({rows.Count})</h3><div class="scroll"><table class="github"><thead><tr>""");
        foreach (var column in columns)
        {
            html.Add($"""<th scope="col">{column}</th>""");
        }

        html.Add($"</tr></thead><tbody>");
        foreach (var row in rows.Take(MostRows))
        {
            html.Add($"<tr>");
            write(html, row);
            html.Add($"</tr>");
        }

        return html.Add($"</tbody></table></div>");
    }
}
