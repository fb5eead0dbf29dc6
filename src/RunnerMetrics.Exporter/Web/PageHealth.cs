using System.Globalization;
using RunnerMetrics.Exporter.Api.Answers;

namespace RunnerMetrics.Exporter.Web;

/// <summary>The exporter's own health. <c>health.js</c> makes the same.</summary>
internal static class PageHealth
{
    public static Html Health(this Html html, HealthAnswer health, DateTimeOffset now)
    {
        html.Add($"""<dl class="facts" id="facts">""");
        html.Fact("Takes events").Add($"{(health.Ready ? "yes" : $"no: {health.Problem}")}</dd></div>");
        html.Fact("Agents last heard").Seen(health.AgentHeardAt, now, "not yet");
        html.Fact("Webhooks last heard").Seen(health.WebhookHeardAt, now, health.Webhooks ? "none since the start" : "off: --webhook-secret-file turns them on");
        html.Fact("Journal").Add($"{(health.JournalBytes is { } bytes ? $"{Megabytes(bytes)} behind the last snapshot" : "nothing is kept: --data keeps it")}</dd></div>");
        html.Fact("History").Add($"{(health.HistoryDays is { } days ? $"{days.ToString("0.#", CultureInfo.InvariantCulture)} days of jobs and deployments" : "none is kept")}</dd></div>");
        html.Fact("Samples at the last scrape").Add($"{(health.Series is { } series ? series.ToString("N0", CultureInfo.InvariantCulture) : "not scraped yet")}</dd></div>");
        html.Fact("Series left out by a limit").Add($"{health.DroppedSeries}</dd></div>");
        html.Fact("Running since").Time(health.StartedAt, now).Add($"</dd></div>");
        html.Fact("Version").Add($"{health.Version}</dd></div></dl>");
        html.Add($"""<h3>Rejected events</h3><ul class="rejected" id="rejected">""");
        foreach (var rejected in health.Rejected)
        {
            html.Add($"<li><span>{rejected.Source}</span> <span>{rejected.Reason}</span> <strong>{rejected.Events}</strong></li>");
        }

        return (health.Rejected.Count == 0 ? html.Add($"""<li class="none">None since the exporter started.</li>""") : html).Add($"</ul>");
    }

    private static Html Fact(this Html html, string name) => html.Add($"<div><dt>{name}</dt><dd>");

    private static Html Seen(this Html html, DateTimeOffset? at, DateTimeOffset now, string otherwise) => (at is null ? html.Add($"{otherwise}") : html.Time(at, now)).Add($"</dd></div>");

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000.0:0.0} MB");
}
