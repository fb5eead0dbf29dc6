using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.GitHub;
using RunnerMetrics.Exporter.Telemetry;

namespace RunnerMetrics.Exporter.Web;

/// <summary><c>GET /</c>: what a person who opens the exporter in a browser wants to know first.</summary>
internal sealed class StatusPage(FleetState fleet, TimeProvider time, GitHubStatus? github = null)
{
    private const int MostRows = 500;

    public async Task ServeAsync(HttpContext context)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        await context.Response.WriteAsync(Render(), context.RequestAborted);
    }

    private string Render()
    {
        var runners = fleet.Describe();
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $$"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>RunnerMetrics exporter</title>
            <style>
            :root { color-scheme: light dark; }
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
            table { border-collapse: collapse; width: 100%; }
            th, td { text-align: left; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #8884; }
            </style></head><body>
            <h1>RunnerMetrics exporter</h1>
            <p>Version {{BuildVersion.Text}}. Prometheus scrapes <a href="/metrics">/metrics</a>; <a href="/health">/health</a> says whether
            the process is alive, <a href="/ready">/ready</a> whether it takes events.</p>

            """);
        if (runners.Count == 0)
        {
            page.Append("<p>No runner has reported yet. Start an agent beside a runner: <code>runner-metrics-agent run --help</code>.</p>\n");
        }
        else
        {
            AppendTable(page, runners);
        }

        GitHubSection.Append(page, fleet, github, time.GetUtcNow());
        return page.Append("</body></html>\n").ToString();
    }

    private void AppendTable(StringBuilder page, IReadOnlyList<RunnerSummary> runners)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>Runners ({runners.Count})</h2>\n<table><thead><tr>");
        page.Append("<th>Name</th><th>Type</th><th>State</th><th>Version</th><th>Last heard</th><th>Open jobs</th></tr></thead><tbody>\n");
        var now = time.GetUtcNow();
        foreach (var runner in runners.Take(MostRows))
        {
            var heard = runner.LastHeard is { } at ? string.Create(CultureInfo.InvariantCulture, $"{(now - at).TotalSeconds:F0} s ago") : "never";
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{Html(runner.Name)}</td><td>{Html(runner.Type)}</td><td>{runner.State}</td><td>{Html(runner.Version)}</td><td>{heard}</td><td>{runner.OpenJobs}</td></tr>\n");
        }

        page.Append("</tbody></table>\n");
        if (runners.Count > MostRows)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p>The first {MostRows} are shown; /metrics has them all.</p>\n");
        }
    }

    private static string Html(string text) => HtmlEncoder.Default.Encode(text);
}
