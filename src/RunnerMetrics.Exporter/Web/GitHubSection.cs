using System.Text.Json;
using RunnerMetrics.Exporter.Api;
using RunnerMetrics.Exporter.Api.Answers;

namespace RunnerMetrics.Exporter.Web;

/// <summary>What GitHub's API tells: what waits and why, which runners GitHub and agents see differently, and how asking it goes. <c>github.js</c> makes the same rows; the words are here alone.</summary>
internal static class GitHubSection
{
    private const int MostRows = 100;

    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["no_matching_runner"] = "no registered runner has these labels",
        ["all_busy"] = "every runner that fits is busy",
        ["offline"] = "every runner that fits is offline",
        ["unknown"] = "not known",
        ["not_registered"] = "not registered",
        ["no_agent"] = "no agent",
        ["works"] = "works",
        ["not_asked"] = "not asked yet",
    };

    /// <summary>Adds the section; it is hidden where GitHub's API is not asked.</summary>
    public static Html GitHub(this Html html, GitHubViewAnswer? told, DateTimeOffset now)
    {
        html.Add($"""<section id="github" aria-labelledby="github-name" data-words="{JsonSerializer.Serialize(Words, ApiJson.Default.DictionaryStringString)}" """).Hidden(told is null);
        html.Add($"""><h2 id="github-name">GitHub's API</h2>""");
        html.Table("waiting", "Waiting jobs", ["Labels", "Jobs", "Oldest", "Reason"], told?.Waiting, (html, jobs) => html
            .Named(jobs.Labels.Count > 0 ? string.Join(", ", jobs.Labels) : jobs.Type ?? "").Cell(jobs.Jobs).Since(jobs.OldestAt, now).Cell(Words.GetValueOrDefault(jobs.Reason, Words["unknown"])));
        html.Table("unmatched", "Runners that GitHub and agents see differently", ["Name", "Scope", "GitHub", "Agent", "Since"], told?.Unmatched, (html, runner) => html
            .Named(runner.Name).Named(runner.Scope).Cell(runner.GitHub ?? Words["not_registered"]).Cell(runner.Agent ?? Words["no_agent"]).Since(runner.Since, now));
        html.Table("registered", "Registered runners", ["Scope", "Registered", "Online", "Busy", "Listed"], told?.Registered, (html, scope) => html
            .Named(scope.Scope).Cell(scope.Registered).Cell(scope.Online).Cell(scope.Busy).At(scope.ListedAt, now));
        html.Table("features", "Features", ["Feature", "State", "Since", "Last success"], told?.Features, (html, feature) => html
            .Cell(feature.Feature).Cell(feature.Problem ?? Words[feature.Works == true ? "works" : "not_asked"]).Since(feature.Since, now).At(feature.LastSuccessAt, now));
        html.Table("limits", "Rate limits", ["Credential", "Used", "May use", "Left", "An hour has"], told?.Limits, (html, one) => html
            .Cell(one.Credential).Cell(one.Used).Cell(one.Share).Cell(one.Remaining).Cell(one.Limit));
        html.Table("deliveries", "Missed webhooks", ["Found", "Delivered again", "Given up", "Missing"], Rows(told?.Deliveries), (html, one) => html
            .Cell(one.Found).Cell(one.Recovered).Cell(one.GivenUp).Cell(one.Missing));
        return html.Table("polling", "Jobs asked for", ["A round took", "Told until"], Rows(told?.Polling), (html, one) => html
            .Cell(PageWords.Duration(TimeSpan.FromSeconds(one.CycleSeconds))).At(one.ToldUntil, now)).Add($"</section>");
    }

    private static T[]? Rows<T>(T? only)
        where T : class => only is null ? null : [only];

    private static Html Hidden(this Html html, bool isHidden) => isHidden ? html.Add($"hidden") : html;

    private static Html Cell(this Html html, long? number) => number is { } known ? html.Add($"<td>{known}</td>") : html.Add($"<td></td>");

    private static Html Cell(this Html html, string text) => html.Add($"<td>{text}</td>");

    private static Html Named(this Html html, string name) => html.Add($"<td>").Name(name).Add($"</td>");

    private static Html Since(this Html html, DateTimeOffset? since, DateTimeOffset now) => html.Add($"<td>").Time(since, now, isElapsed: true).Add($"</td>");

    private static Html At(this Html html, DateTimeOffset? at, DateTimeOffset now) => html.Add($"<td>").Time(at, now).Add($"</td>");

    // A table without rows is there all the same: the script shows it once it has some.
    private static Html Table<T>(this Html html, string id, string title, string[] columns, IReadOnlyList<T>? rows, Action<Html, T> write)
    {
        var count = rows?.Count ?? 0;
        html.Add($"""<div id="github-{id}" """).Hidden(count == 0).Add($"""><h3 id="github-{id}-name">{title} (<span class="count">{count}</span>)</h3>""");
        html.Add($"""<div class="scroll" role="group" tabindex="0" aria-labelledby="github-{id}-name"><table class="github"><thead><tr>""");
        foreach (var column in columns)
        {
            html.Add($"""<th scope="col">{column}</th>""");
        }

        html.Add($"</tr></thead><tbody>");
        foreach (var row in (rows ?? []).Take(MostRows))
        {
            html.Add($"<tr>");
            write(html, row);
            html.Add($"</tr>");
        }

        return html.Add($"</tbody></table></div></div>");
    }
}
