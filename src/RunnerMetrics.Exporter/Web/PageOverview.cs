using RunnerMetrics.Exporter.Api.Answers;

namespace RunnerMetrics.Exporter.Web;

/// <summary>What is seen first: a sentence on how the fleet is, and its numbers. <c>overview.js</c> makes the same.</summary>
internal static class PageOverview
{
    /// <summary>A job that waits longer than this is worth a look.</summary>
    private static readonly TimeSpan LongWait = TimeSpan.FromMinutes(10);

    /// <summary>How the fleet is, and whether that is well.</summary>
    public static (string Text, bool IsWell) Verdict(PageView view)
    {
        var (runners, jobs) = (view.Summary.Runners, view.Summary.Jobs);
        List<string> troubles = [];
        Add(!view.Health.Ready, $"the exporter takes no events: {view.Health.Problem}");
        Add(runners.Refused > 0, $"{PageWords.Count(runners.Refused, "runner")} refused by GitHub for {(runners.Refused == 1 ? "its" : "their")} version");
        Add(runners.Offline > 0, $"{PageWords.Count(runners.Offline, "runner")} offline");
        Add(runners.Disconnected > 0, $"{runners.Disconnected} disconnected from GitHub");
        Add(jobs?.Unresolved > 0, $"{PageWords.Count(jobs?.Unresolved ?? 0, "job")} without an end");
        Add(jobs?.OldestQueuedAt is { } oldest && view.Now - oldest > LongWait, $"a job waits for {PageWords.Duration(view.Now - (jobs?.OldestQueuedAt ?? view.Now))}");
        return troubles.Count > 0 ? (Sentence(string.Join(", ", troubles)), false)
            : runners.Total == 0 ? ("No runner has reported yet", true)
            : ("The fleet is well", true);

        void Add(bool isSo, string trouble)
        {
            if (isSo)
            {
                troubles.Add(trouble);
            }
        }
    }

    public static Html Overview(this Html html, PageView view)
    {
        var (text, isWell) = Verdict(view);
        var (runners, jobs) = (view.Summary.Runners, view.Summary.Jobs);
        html.Add($"""<h1 id="verdict" class="{(isWell ? "well" : "trouble")}"><svg class="icon" aria-hidden="true"><use href="#i-{(isWell ? "success" : "disconnected")}"/></svg><span>{text}</span></h1>""");
        html.Add($"""<dl class="tiles" id="tiles">""");
        html.Tile("runners", "Runners online", $"{runners.Idle + runners.Busy} / {runners.Total}", StatesOf(runners));
        html.Tile("running", "Running", jobs is null ? PageWords.Count(runners.Busy, "runner") : $"{jobs.Running}", jobs?.Unresolved > 0 ? $"{jobs.Unresolved} without an end" : "jobs now");
        html.Tile("queued", "Waiting", jobs is null ? "–" : $"{jobs.Queued}",
            jobs is null ? "no history is kept" : jobs.OldestQueuedAt is { } oldest ? $"oldest {PageWords.Duration(view.Now - oldest)}" : "no job waits");
        html.Tile("failed", "Failed, 24 h", jobs is null ? "–" : $"{jobs.Conclusions["failed"] + jobs.Conclusions["lost"]}", jobs is null ? "no history is kept" : FailuresOf(jobs));
        html.Tile("deployed", "Deployed, 24 h", view.Summary.Deployments is { } deployments ? $"{deployments["success"]}" : "–",
            view.Summary.Deployments is { } ended ? $"{ended["failure"]} failed" : "no history is kept");
        return html.Tile("exporter", "Exporter", view.Health.Ready ? "Ready" : "Not ready", view.Health.Problem ?? (view.Health.Durable ? "events are durable" : "nothing is kept")).Add($"</dl>");
    }

    private static string StatesOf(RunnerCountsAnswer runners) => string.Join(" · ", new[]
    {
        (runners.Busy, "busy"), (runners.Idle, "idle"), (runners.Disconnected, "disconnected"), (runners.Offline, "offline"), (runners.Refused, "refused"), (runners.Unknown, "unknown"),
    }
        .Where(state => state.Item1 > 0).Select(state => $"{state.Item1} {state.Item2}").DefaultIfEmpty("none yet"));

    private static string FailuresOf(JobCountsAnswer jobs)
    {
        var ended = jobs.Conclusions.Values.Sum();
        var faults = jobs.Reasons.Where(reason => reason.Value > 0).Select(reason => $"{reason.Value} {reason.Key}").ToList();
        if (jobs.Conclusions["lost"] > 0)
        {
            faults.Add($"{jobs.Conclusions["lost"]} lost");
        }

        return $"of {ended} ended{(faults.Count > 0 ? $": {string.Join(", ", faults)}" : "")}";
    }

    private static Html Tile(this Html html, string id, string name, string value, string note) =>
        html.Add($"""<div class="tile" id="tile-{id}"><dt>{name}</dt><dd class="value">{value}</dd><dd class="note">{note}</dd></div>""");

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
