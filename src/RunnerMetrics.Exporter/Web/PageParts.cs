using System.Globalization;
using RunnerMetrics.Exporter.Api.Answers;

namespace RunnerMetrics.Exporter.Web;

/// <summary>The small parts that rows are made of. <c>parts.js</c> makes the same ones.</summary>
internal static class PageParts
{
    /// <summary>The icons of states; each has a shape of its own, so that no colour alone tells one from another.</summary>
    public static readonly string[] Icons =
    [
        "idle", "busy", "disconnected", "offline", "unknown", "success", "failed", "cancelled", "lost", "running", "queued", "waiting", "unresolved", "out", "search", "theme",
    ];

    /// <summary>A state with its icon and its word.</summary>
    public static Html State(this Html html, string state, string? note = null)
    {
        html.Add($"""<span class="state is-{state}"><svg class="icon" aria-hidden="true"><use href="#i-{IconOf(state)}"/></svg><span>{PageWords.State(state)}""");
        return (string.IsNullOrEmpty(note) ? html : html.Add($"<small>{note}</small>")).Add($"</span></span>");
    }

    /// <summary>A time that ticks.</summary>
    /// <param name="html">The page.</param>
    /// <param name="at">The time; null where it is not known.</param>
    /// <param name="now">The moment of the page.</param>
    /// <param name="isElapsed">Whether it says for how long, and not how long ago.</param>
    public static Html Time(this Html html, DateTimeOffset? at, DateTimeOffset now, bool isElapsed = false) => at is not { } known ? html : html.Add(
        $"""<time datetime="{Iso(known)}" title="{Iso(known)}" data-at="{known.ToUnixTimeMilliseconds()}" data-for="{(isElapsed ? "1" : "")}">{(isElapsed ? PageWords.Duration(now - known) : PageWords.Ago(now - known))}</time>""");

    /// <summary>A name of a stranger's: it may be written from right to left, and does not turn what stands beside it.</summary>
    public static Html Name(this Html html, string? name, string otherwise = "") => html.Add($"<bdi>{name ?? otherwise}</bdi>");

    /// <summary>A job's wait, set-up and run as parts of one bar.</summary>
    public static Html Bar(this Html html, JobAnswer job, DateTimeOffset now)
    {
        var (wait, setup, run) = TimesOf(job, now);
        var total = (wait ?? 0) + (setup ?? 0) + (run ?? 0);
        if (wait is null && setup is null && run is null)
        {
            return html.Add($"""<span class="bar"></span>""");
        }

        var told = string.Join(", ", new (string Word, double? Seconds)[] { ("waited", wait), ("set up", setup), ("ran", run) }
            .Select(part => part.Seconds is { } seconds ? $"{part.Word} {PageWords.Duration(TimeSpan.FromSeconds(seconds))}" : null).Where(part => part is not null));
        html.Add($"""<span class="bar"><svg viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{told}"><title>{told}</title>""");
        var x = 0.0;
        foreach (var (name, seconds) in ((string, double?)[])[("wait", wait), ("setup", setup), ("run", run)])
        {
            var width = total > 0 ? (seconds ?? 0) / total * 100 : 0;
            html.Add($"""<rect class="{name}" x="{x}" width="{width}" height="6"/>""");
            x += width;
        }

        html.Add($"</svg><small>");
        if (job.CompletedAt is null && job.State is "running")
        {
            html.Time(job.StartedAt, now, isElapsed: true);
        }
        else
        {
            html.Add($"{PageWords.Duration(TimeSpan.FromSeconds((setup ?? 0) + (run ?? 0)))}");
        }

        return html.Add($"</small></span>");
    }

    private static (double? Wait, double? Setup, double? Run) TimesOf(JobAnswer job, DateTimeOffset now)
    {
        var runsSince = job.State == "running" ? (now - (job.StepsStartedAt ?? job.StartedAt))?.TotalSeconds : null;
        return (job.WaitSeconds, job.SetupSeconds, job.RunSeconds ?? (runsSince is { } seconds ? Math.Max(0, seconds) : null));
    }

    private static string IconOf(string state) => state switch
    {
        "failure" => "failed",
        "in_progress" => "running",
        "pending" => "queued",
        "refused" => "offline",
        _ => Icons.Contains(state) ? state : "unknown",
    };

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
