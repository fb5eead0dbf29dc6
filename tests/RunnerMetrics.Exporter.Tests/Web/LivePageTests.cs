using System.Net;
using System.Text.RegularExpressions;
using RunnerMetrics.Exporter.Tests.Api;
using RunnerMetrics.Exporter.Tests.Support;
using State = RunnerMetrics.Contracts.V1.RunnerHeartbeat.Types.State;

namespace RunnerMetrics.Exporter.Tests.Web;

public partial class LivePageTests
{
    [Fact]
    public async Task Page_OfAFleet_ShowsItWithoutAScript()
    {
        await using var fleet = await ApiFleet.StartAsync();
        await fleet.RunJobsAsync(4);
        await fleet.SendAsync(
            AgentEvents.Heartbeat("1", state: State.Busy), fleet.Started(40), AgentEvents.Heartbeat("2", runner: AgentEvents.Runner("cut"), state: State.Disconnected), AgentEvents.Deployment("d", "1"));
        await fleet.Exporter.TakesAsync(Payload.Job("queued", job => (job["name"], job["id"], job["check_run_url"]) = ("the one that waits", 5, null)));
        var page = await ReadAsync(fleet.Exporter, "/");

        Assert.Contains("<span>1 disconnected from GitHub</span>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>Running</dt><dd class=\"value\">1</dd>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>Waiting</dt><dd class=\"value\">1</dd>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>Failed, 24 h</dt><dd class=\"value\">1</dd><dd class=\"note\">of 4 ended: 1 job</dd>", page, StringComparison.Ordinal);
        Assert.Equal(["job 40"], Names(page, "running-list"));
        Assert.Equal(["the one that waits"], Names(page, "waiting-list"));
        Assert.Equal(["cut"], Names(page, "attention-list"));
        Assert.Equal(["job 40", "job 1", "the one that waits", "job 2", "job 3", "job 4"], Names(page, "jobs-list"));
        Assert.Contains("href=\"https://github.com/acme/shop/actions/runs/3/attempts/1\"", page, StringComparison.Ordinal);
        Assert.Contains("a step of the job", page, StringComparison.Ordinal);
        Assert.Contains("set up 5 s, ran 40 s", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_WithAFilterInItsAddress_ShowsThose()
    {
        await using var fleet = await ApiFleet.StartAsync();
        await fleet.RunJobsAsync(12);

        Assert.Equal(["job 3", "job 6", "job 9", "job 12"], Names(await ReadAsync(fleet.Exporter, "/?conclusion=failed"), "jobs-list"));
        Assert.Equal(["job 6", "job 12"], Names(await ReadAsync(fleet.Exporter, "/?reason=runner&type=&q="), "jobs-list"));
        Assert.Equal(["job 1", "job 10", "job 11", "job 12"], Names(await ReadAsync(fleet.Exporter, "/?q=job+1"), "jobs-list"));
        Assert.Equal(12, Names(await ReadAsync(fleet.Exporter, "/?conclusion=nonsense&from=whenever"), "jobs-list").Length);
    }

    [Fact]
    public async Task Page_OfHostileNames_HoldsThemAsText()
    {
        await using var fleet = await ApiFleet.StartAsync();
        const string Hostile = "<script>alert('1')</script>\"&";
        var runner = AgentEvents.Runner(Hostile);
        runner.Version = "<b>";
        await fleet.SendAsync(AgentEvents.Heartbeat("1", runner: runner), fleet.Job(1, runner: runner).With(job =>
        {
            var named = job.JobCompleted.Job;
            (named.Name, named.Workflow, named.Repository, named.ServerUrl) = (Hostile, Hostile, "acme/<img src=x>", "javascript://x");
        }));
        var page = await ReadAsync(fleet.Exporter, "/?q=%3Cscript%3E");

        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("javascript:", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OfAnExporterWithoutAnything_SaysWhatToDo()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var page = await ReadAsync(exporter, "/");

        Assert.Contains("No runner has reported yet", page, StringComparison.Ordinal);
        Assert.Contains("runner-metrics-agent run --help", page, StringComparison.Ordinal);
        Assert.Contains("This exporter keeps no history: start it with --data", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_Headers_LetItDoNothingElse()
    {
        await using var exporter = await RunningExporter.StartAsync();
        using var response = await exporter.Client.GetAsync(new Uri("/", UriKind.Relative), RunningExporter.Cancelled);
        string Header(string name) => Assert.Single(response.Headers.TryGetValues(name, out var values) ? values : response.Content.Headers.GetValues(name));

        Assert.Equal(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'", Header("Content-Security-Policy"));
        Assert.Equal(("nosniff", "no-referrer", "same-origin"), (Header("X-Content-Type-Options"), Header("Referrer-Policy"), Header("Cross-Origin-Resource-Policy")));
        Assert.Equal("text/html; charset=utf-8", Header("Content-Type"));
        Assert.DoesNotMatch("(?i)<[^>]* (style|on[a-z]+)=", await response.Content.ReadAsStringAsync(RunningExporter.Cancelled));
    }

    [Fact]
    public async Task Assets_ThatThePageNames_AreThereForEver()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var named = AssetName().Matches(await ReadAsync(exporter, "/")).Select(match => match.Groups[1].Value).ToArray();
        Assert.Equal(["/favicon.svg", "page.css", "page.js"], named.Select(name => name.StartsWith("/assets/", StringComparison.Ordinal) ? name.Split('/')[^1] : name));
        var folder = named[1][..(named[1].LastIndexOf('/') + 1)];
        List<string> waiting = ["page.css", "page.js"];
        for (var i = 0; i < waiting.Count; i++)
        {
            using var response = await exporter.Client.GetAsync(new Uri(folder + waiting[i], UriKind.Relative), RunningExporter.Cancelled);
            Assert.Equal((HttpStatusCode.OK, "public, max-age=31536000, immutable"), (response.StatusCode, response.Headers.CacheControl!.ToString()));
            waiting.AddRange(Import().Matches(await response.Content.ReadAsStringAsync(RunningExporter.Cancelled)).Select(match => match.Groups[1].Value).Except(waiting));
        }

        Assert.InRange(waiting.Count, 8, 20);
        using var other = await exporter.Client.GetAsync(new Uri("/assets/0123456789ab/page.js", UriKind.Relative), RunningExporter.Cancelled);
        Assert.Equal((HttpStatusCode.OK, true), (other.StatusCode, other.Headers.CacheControl!.NoCache));
        using var none = await exporter.Client.GetAsync(new Uri("/assets/nothing.js", UriKind.Relative), RunningExporter.Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    private static async Task<string> ReadAsync(RunningExporter exporter, string path) => await exporter.Client.GetStringAsync(new Uri(path, UriKind.Relative), RunningExporter.Cancelled);

    // The names of what stands in a list.
    private static string[] Names(string page, string list) =>
        [.. Name().Matches(page.Split($"id=\"{list}\"")[1].Split("</ol>")[0]).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value))];

    [GeneratedRegex("<span class=\"what\"><a href=\"[^\"]*\"><bdi>([^<]*)</bdi>")]
    private static partial Regex Name();

    [GeneratedRegex("(?:href|src)=\"(/favicon.svg|/assets/[^\"]*)\"")]
    private static partial Regex AssetName();

    [GeneratedRegex("from '\\./([a-z]+\\.js)'")]
    private static partial Regex Import();
}
