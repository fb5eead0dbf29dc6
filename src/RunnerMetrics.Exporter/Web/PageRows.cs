using RunnerMetrics.Exporter.Api.Answers;

namespace RunnerMetrics.Exporter.Web;

/// <summary>The rows of the lists. <c>rows.js</c> makes the same ones.</summary>
internal static class PageRows
{
    /// <summary>A job that ended, runs or waits.</summary>
    public static Html Job(this Html html, JobAnswer job, DateTimeOffset now)
    {
        html.Add($"""<li class="row job" data-key="{job.Id}">""").State(job.Conclusion ?? job.State, PageWords.Fault(job.Reason));
        html.Add($"""<span class="what"><a href="/?job={job.Id}">""").Name(job.Name, "(unnamed job)").Add($"</a>").Source(job).Add($"</span>").Runner(job);
        html.Bar(job, now).Add($"""<span class="when">""").Time(job.CompletedAt ?? job.StartedAt ?? job.QueuedAt, now).Add($"</span>");
        return html.Out(job.Url, job.Name).Add($"</li>\n");
    }

    /// <summary>A job that waits.</summary>
    public static Html Waiting(this Html html, JobAnswer job, DateTimeOffset now)
    {
        html.Add($"""<li class="row wait" data-key="{job.Id}">""").State(job.State);
        html.Add($"""<span class="what"><a href="/?job={job.Id}">""").Name(job.Name, "(unnamed job)").Add($"</a>").Source(job).Add($"</span>");
        html.Add($"""<span class="where"><small>asks for</small>""").Name(job.Type, "any type").Add($"</span>");
        html.Add($"""<span class="when"><small>for</small>""").Time(job.QueuedAt, now, isElapsed: true).Add($"</span>");
        return html.Out(job.Url, job.Name).Add($"</li>\n");
    }

    /// <summary>A runner.</summary>
    public static Html Runner(this Html html, RunnerAnswer runner, DateTimeOffset now)
    {
        html.Add($"""<li class="row runner" data-key="{runner.Scope}/{runner.Type}/{runner.Name}">""").State(runner.State);
        html.Add($"""<span class="what"><a href="{Link(runner.Name, runner.Type, runner.Scope)}">""").Name(runner.Name).Add($"</a><small>");
        html.Name(runner.Type).Add($"{(runner.Scope is null ? "" : " · ")}").Name(runner.Scope).Add($"""</small></span><span class="doing">""");
        if (runner.Job is { } job)
        {
            html.Name(job.Name, "(unnamed job)").Add($"<small>").Name(job.Repository).Add($"</small>");
        }

        html.Add($"""</span><span class="when"><small>{(runner.State is "busy" ? "running for" : runner.Since is null ? "" : "for")}</small>""").Time(runner.Since, now, isElapsed: true);
        return html.Add($"""</span><span class="version">{runner.Version}</span></li>""").Add($"\n");
    }

    /// <summary>A deployment.</summary>
    public static Html Deployment(this Html html, DeploymentAnswer deployment, DateTimeOffset now)
    {
        html.Add($"""<li class="row deployment" data-key="{deployment.Repository}/{deployment.Id}">""").State(deployment.State, deployment.Rework ? "rework" : null);
        html.Add($"""<span class="what">""").Name(deployment.Repository).Add($"<small>").Name(deployment.Sha?[..Math.Min(10, deployment.Sha.Length)]).Add($"</small></span>");
        html.Add($"""<span class="where">""").Name(deployment.Environment).Add($"""</span><span class="when">""").Time(deployment.FinishedAt ?? deployment.ToldAt, now).Add($"</span>");
        return html.Out(deployment.Url, deployment.Repository, "Commit").Add($"</li>\n");
    }

    /// <summary>The address of a runner's own view.</summary>
    public static string Link(string name, string? type, string? scope) =>
        $"/?runner={Uri.EscapeDataString(name)}&runner_type={Uri.EscapeDataString(type ?? "")}&runner_scope={Uri.EscapeDataString(scope ?? "")}";

    private static Html Source(this Html html, JobAnswer job)
    {
        html.Add($"<small>").Name(job.Repository);
        if (job.Workflow is not null)
        {
            html.Add($"{(job.Repository is null ? "" : " · ")}").Name(job.Workflow);
        }

        return (job.RunAttempt > 1 ? html.Add($" · attempt {job.RunAttempt.Value}") : html).Add($"</small>");
    }

    private static Html Runner(this Html html, JobAnswer job)
    {
        html.Add($"""<span class="where">""");
        if (job.Runner is { } runner)
        {
            html.Add($"""<a href="{Link(runner, job.Type, job.Scope)}">""").Name(runner).Add($"</a>");
        }

        return html.Add($"<small>").Name(job.Type).Add($"</small></span>");
    }

    private static Html Out(this Html html, string? url, string? of, string what = "Run") => url is null
        ? html.Add($"""<span class="out"></span>""")
        : html.Add($"""<a class="out" href="{url}" target="_blank" rel="noopener noreferrer" aria-label="{what} of {of} on GitHub">GitHub<svg class="icon" aria-hidden="true"><use href="#i-out"/></svg></a>""");
}
