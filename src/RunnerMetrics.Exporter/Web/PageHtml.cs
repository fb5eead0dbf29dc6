using System.Globalization;
using RunnerMetrics.Exporter.Api.Answers;

namespace RunnerMetrics.Exporter.Web;

/// <summary>The page around its parts.</summary>
internal static class PageHtml
{
    private const string NoHistory = "This exporter keeps no history: start it with --data, and without --history off.";

    /// <summary>Writes the page.</summary>
    /// <param name="view">What it shows.</param>
    /// <param name="filter">What its address asks for.</param>
    /// <param name="version">The version of its files.</param>
    /// <param name="hasSessions">Whether people sign in, and so may sign out.</param>
    public static string Render(PageView view, PageFilter filter, string version, bool hasSessions)
    {
        var html = new Html();
        html.Head(version).Bar(filter, hasSessions);
        html.Add($"""<main id="main" tabindex="-1" data-now="{view.Now.ToUnixTimeMilliseconds()}"><section id="overview" aria-labelledby="verdict">""").Overview(view).Add($"</section>\n");
        if (view.Problem is { } problem)
        {
            html.Add($"""<p class="problem" role="alert">The history cannot be read: {problem}</p>""");
        }

        html.Add($"""<div class="columns">""");
        html.Section("attention", "Needs attention").List("attention-list", view.Runners.Items.Where(NeedsAttention).Take(12).ToArray(), (html, runner) => html.Runner(runner, view.Now), "No runner is offline or disconnected.");
        html.Add($"</section>").Section("running", "Running now").List("running-list", view.Open, (html, job) => html.Job(job, view.Now), "No job runs.").Add($"</section>");
        html.Section("waiting", "Waiting").List("waiting-list", view.Queue?.Items, (html, job) => html.Waiting(job, view.Now), "No job waits.").Add($"</section>");
        html.Section("failed", "Failed last").List("failed-list", view.Failed, (html, job) => html.Job(job, view.Now), "No job failed.").Add($"</section></div>");
        html.Section("jobs", "Recent jobs").Filters(view, filter).List("jobs-list", view.Jobs?.Items, (html, job) => html.Job(job, view.Now), "No job is found.");
        html.Add($"""<p class="more"><button type="button" id="jobs-more" hidden>Older jobs</button> <a id="jobs-csv" href="/api/v1/jobs?format=csv">As CSV</a></p></section>""");
        html.Section("runners", "Runners").Types(view.Summary).List("runners-list", view.Runners.Items, (html, runner) => html.Runner(runner, view.Now), NoRunner(filter));
        html.Add($"""<p class="more"><button type="button" id="runners-more" hidden>More runners</button> <span id="runners-total">{view.Runners.Items.Count} of {view.Runners.Total}</span></p></section>""");
        html.Section("deployments", "Deployments").List("deployments-list", view.Deployments?.Items, (html, deployment) => html.Deployment(deployment, view.Now), "No deployment was told of.");
        html.Add($"</section>").GitHub(view.GitHub, view.Now);
        html.Section("exporter", "This exporter").Health(view.Health, view.Now).Add($"</section></main>\n");
        return html.Foot().ToString();
    }

    /// <summary>Whether somebody should look at a runner.</summary>
    public static bool NeedsAttention(RunnerAnswer runner) => runner.State is "offline" or "refused" or "disconnected";

    private static string NoRunner(PageFilter filter) =>
        filter.Text.Length + filter.Type.Length > 0 ? "No runner is found." : "No runner has reported yet. Start an agent beside a runner: runner-metrics-agent run --help.";

    private static Html Head(this Html html, string version)
    {
        html.Add($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><title>RunnerMetrics</title>
            <meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
            <link rel="icon" href="/favicon.svg" type="image/svg+xml"><link rel="stylesheet" href="/assets/{version}/page.css">
            <script type="module" src="/assets/{version}/page.js"></script></head><body>

            """);
        return html.Add($"""
            <svg hidden xmlns="http://www.w3.org/2000/svg">
            <symbol id="i-success" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7"/><path class="on" d="M4.5 8.2l2.4 2.4 4.6-5"/></symbol>
            <symbol id="i-failed" viewBox="0 0 16 16"><rect x="1" y="1" width="14" height="14" rx="3"/><path class="on" d="M5 5l6 6M11 5l-6 6"/></symbol>
            <symbol id="i-cancelled" viewBox="0 0 16 16"><circle class="line" cx="8" cy="8" r="6"/><path class="line" d="M4 12l8-8"/></symbol>
            <symbol id="i-lost" viewBox="0 0 16 16"><path d="M8 0l8 8-8 8-8-8z"/><path class="on" d="M8 4.2v4.4M8 10.8v1"/></symbol>
            <symbol id="i-running" viewBox="0 0 16 16"><circle class="line" cx="8" cy="8" r="6"/><path d="M6.3 5v6l5-3z"/></symbol>
            <symbol id="i-queued" viewBox="0 0 16 16"><circle class="line" cx="8" cy="8" r="6"/><path class="line" d="M8 4.5V8l2.5 1.5"/></symbol>
            <symbol id="i-waiting" viewBox="0 0 16 16"><path d="M4 2h3v12H4zM9 2h3v12H9z"/></symbol>
            <symbol id="i-unresolved" viewBox="0 0 16 16"><circle class="dash" cx="8" cy="8" r="6"/><path class="line" d="M8 4.5v4M8 10.5v1"/></symbol>
            <symbol id="i-idle" viewBox="0 0 16 16"><circle class="line" cx="8" cy="8" r="5"/></symbol>
            <symbol id="i-busy" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6"/></symbol>
            <symbol id="i-disconnected" viewBox="0 0 16 16"><path d="M8 1l7.5 14H.5z"/><path class="on" d="M8 6v4M8 12v1"/></symbol>
            <symbol id="i-offline" viewBox="0 0 16 16"><rect x="1" y="1" width="14" height="14" rx="3"/><path class="on" d="M4 8h8"/></symbol>
            <symbol id="i-unknown" viewBox="0 0 16 16"><circle class="dash" cx="8" cy="8" r="6"/></symbol>
            <symbol id="i-out" viewBox="0 0 16 16"><path class="line" d="M6 3H3v10h10v-3M9 3h4v4M13 3L7.5 8.5"/></symbol>
            <symbol id="i-theme" viewBox="0 0 16 16"><circle class="line" cx="8" cy="8" r="6"/><path d="M8 2a6 6 0 010 12z"/></symbol>
            </svg>
            <a class="skip" href="#main">Skip to the page's content</a>

            """);
    }

    private static Html Bar(this Html html, PageFilter filter, bool hasSessions)
    {
        html.Add($"""
            <header class="top"><a class="brand" href="/"><svg viewBox="0 0 16 16" aria-hidden="true"><rect x="1" y="8" width="3" height="7" rx="1"/><rect x="6.5" y="4" width="3" height="11" rx="1"/><rect x="12" y="1" width="3" height="14" rx="1"/></svg>RunnerMetrics</a>
            <nav aria-label="Sections"><a href="#running">Now</a><a href="#jobs">Jobs</a><a href="#runners">Runners</a><a href="#deployments">Deployments</a><a href="#exporter">Exporter</a></nav>
            <form class="search" role="search" action="/"><label class="hidden" for="q">Find runners and jobs</label><input id="q" name="q" type="search" value="{filter.Text}" placeholder="Find runners and jobs" maxlength="256" autocomplete="off" spellcheck="false" aria-keyshortcuts="/"></form>
            <span id="live" role="status">As of the page's load</span>
            <button type="button" id="theme" hidden aria-label="Colours: as the system has them"><svg class="icon" aria-hidden="true"><use href="#i-theme"/></svg></button>
            """);
        return hasSessions ? html.Add($"""<form method="post" action="/sign-out"><button>Sign out</button></form></header>""").Add($"\n") : html.Add($"</header>\n");
    }

    public static Html Section(this Html html, string id, string name) => html.Add($"""<section id="{id}" aria-labelledby="{id}-name"><h2 id="{id}-name">{name}</h2>""");

    private static Html List<T>(this Html html, string id, IReadOnlyList<T>? items, Action<Html, T> write, string none)
    {
        html.Add($"""<ol class="rows" id="{id}" role="list" data-none="{none}">""");
        foreach (var item in items ?? [])
        {
            write(html, item);
        }

        return (items is null ? html.Add($"""<li class="none">{NoHistory}</li>""") : items.Count == 0 ? html.Add($"""<li class="none">{none}</li>""") : html).Add($"</ol>");
    }

    private static Html Filters(this Html html, PageView view, PageFilter filter)
    {
        html.Add($"""<p class="legend" aria-hidden="true"><span class="wait">waited</span><span class="setup">set up</span><span class="run">ran</span></p>""");
        html.Add($"""<form class="filters" id="filters" action="/"><input type="hidden" name="q" value="{filter.Text}">""");
        html.Select("conclusion", "Ended", filter.Conclusion, [("", "in any way"), ("success", "succeeded"), ("failed", "failed"), ("cancelled", "cancelled"), ("lost", "lost")]);
        html.Select("reason", "Fault", filter.Reason, [("", "anybody's"), ("job", "the job's"), ("setup", "the set-up's"), ("runner", "the runner's"), ("unknown", "unknown")]);
        html.Select("type", "Type", filter.Type, [("", "any"), .. view.Summary.Types.Select(type => (type.Type!, type.Type!))]);
        html.Select("from", "Since", filter.From, [("", "ever"), ("1h", "an hour"), ("24h", "a day"), ("7d", "a week")]);
        html.Add($"""<label>Repository<input name="repository" value="{filter.Repository}" placeholder="owner/name" maxlength="256" autocomplete="off" spellcheck="false"></label>""");
        return html.Add($"""<label>Workflow<input name="workflow" value="{filter.Workflow}" maxlength="256" autocomplete="off" spellcheck="false"></label><button>Find</button><button type="button" id="filters-clear" hidden>Clear</button></form>""");
    }

    private static Html Select(this Html html, string name, string label, string chosen, IReadOnlyList<(string Value, string Text)> options)
    {
        html.Add($"""<label>{label}<select name="{name}">""");
        foreach (var (value, text) in options)
        {
            _ = value == chosen ? html.Add($"""<option value="{value}" selected>{text}</option>""") : html.Add($"""<option value="{value}">{text}</option>""");
        }

        return html.Add($"</select></label>");
    }

    private static Html Types(this Html html, SummaryAnswer summary)
    {
        html.Add($"""<ul class="types" id="types">""");
        foreach (var type in summary.Types)
        {
            html.Add($"""<li><span class="type-name"><bdi>{type.Type}</bdi></span><svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">""");
            var x = 0.0;
            foreach (var (state, count) in ((string, int)[])[("busy", type.Busy), ("idle", type.Idle), ("disconnected", type.Disconnected), ("offline", type.Offline), ("refused", type.Refused), ("unknown", type.Unknown)])
            {
                var width = 100.0 * count / Math.Max(1, type.Total);
                html.Add($"""<rect class="{state}" x="{x}" width="{width}" height="6"/>""");
                x += width;
            }

            html.Add($"""</svg><small>{string.Create(CultureInfo.InvariantCulture, $"{type.Busy} busy, {type.Idle} idle, {type.Disconnected} disconnected, {type.Offline} offline of {type.Total}")}</small></li>""");
        }

        return html.Add($"</ul>");
    }

    private static Html Foot(this Html html) => html.Add($"""
        <footer><a href="/metrics">Metrics</a><a href="/api/v1/openapi.json">API</a><a href="/health">Alive</a><a href="/ready">Ready</a></footer>
        <dialog id="detail" aria-labelledby="detail-name"><form method="dialog"><button class="close" aria-label="Close">✕</button></form><h2 id="detail-name"></h2><div id="detail-body"></div></dialog>
        </body></html>

        """);
}
