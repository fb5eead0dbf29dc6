using System.Net;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using State = RunnerMetrics.Contracts.V1.RunnerHeartbeat.Types.State;

namespace RunnerMetrics.Exporter.Tests.Api;

public class JobCallTests
{
    [Theory]
    [InlineData("", new[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 })]
    [InlineData("sort=time", new[] { 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1 })]
    [InlineData("conclusion=failed", new[] { 3, 6, 9, 12 })]
    [InlineData("reason=runner", new[] { 6, 12 })]
    [InlineData("reason=job&sort=time", new[] { 9, 3 })]
    [InlineData("runner=c1", new[] { 4, 8, 12 })]
    [InlineData("type=chrome", new[] { 4, 8, 12 })]
    [InlineData("scope=github.com/acme&workflow=Nightly", new[] { 5, 10 })]
    [InlineData("repository=ACME/shop&workflow=Nightly", new[] { 5, 10 })]
    [InlineData("repository=acme/desk", new int[0])]
    [InlineData("q=JOB%201", new[] { 1, 10, 11, 12 })]
    [InlineData("q=night", new[] { 5, 10 })]
    [InlineData("from=5m", new[] { 1, 2, 3, 4, 5 })]
    [InlineData("until=2026-11-21T11:50:00Z", new[] { 11, 12 })]
    [InlineData("from=2026-11-21T11:51:00Z&until=8m&sort=time", new[] { 9 })]
    [InlineData("state=completed&type=chrome", new[] { 4, 8, 12 })]
    [InlineData("state=open", new int[0])]
    public async Task Jobs_EachFilter_FindsThoseAndNoOthersOnWhicheverPages(string query, int[] numbers)
    {
        await using var fleet = await ApiFleet.StartAsync();
        await fleet.RunJobsAsync(12);
        var right = numbers.Select(number => $"job {number}");

        Assert.Equal(right, await fleet.Exporter.ListAsync($"jobs?{query}"));
        Assert.Equal(right, await fleet.Exporter.ListAllAsync($"jobs?{query}&limit=2"));
    }

    [Fact]
    public async Task Job_ById_IsTheOneOfTheList()
    {
        await using var fleet = await ApiFleet.StartAsync();
        await fleet.RunJobsAsync(3);
        var listed = (await fleet.Exporter.AskAsync("jobs?conclusion=failed"))["items"]![0]!.AsObject();

        Assert.Equal(listed.ToJsonString(), (await fleet.Exporter.AskAsync($"jobs/{listed["id"]}")).ToJsonString());
        Assert.Equal(("failed", "job", 5, 40), ((string?)listed["conclusion"], (string?)listed["reason"], (double)listed["setup_seconds"]!, (double)listed["run_seconds"]!));
        Assert.Equal("https://github.com/acme/shop/actions/runs/3/attempts/1", (string?)listed["url"]);
        Assert.DoesNotContain("queued_at", listed.Select(field => field.Key));
        Assert.DoesNotContain("wait_seconds", listed.Select(field => field.Key));
        foreach (var id in (string[])["1.1", "none", "%20", $"{listed["id"]}0"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await fleet.Exporter.RefusedAsync($"jobs/{id}")).Status);
        }
    }

    [Fact]
    public async Task Jobs_ThatRunAndThatHaveNoEnd_AreToldApart()
    {
        await using var fleet = await ApiFleet.StartAsync();
        await fleet.SendAsync(AgentEvents.Heartbeat("1", state: State.Busy), fleet.Started(1, -900), fleet.Started(2, -20));

        Assert.Equal(["job 2"], await fleet.Exporter.ListAsync("jobs?state=running"));
        Assert.Equal(["job 1"], await fleet.Exporter.ListAsync("jobs?state=unresolved"));
        Assert.Equal(["job 2", "job 1"], await fleet.Exporter.ListAsync("jobs?state=open"));
        var jobs = (await fleet.Exporter.AskAsync("summary"))["jobs"]!;
        Assert.Equal((1, 1), ((int)jobs["running"]!, (int)jobs["unresolved"]!));

        await fleet.SendAsync(AgentEvents.Stopped(fleet.Id()));
        Assert.Empty(await fleet.Exporter.ListAsync("jobs?state=running"));
        Assert.Equal(["job 2", "job 1"], await fleet.Exporter.ListAsync("jobs?state=unresolved"));
    }

    [Fact]
    public async Task Queue_JobsThatWait_AreThereTheLongestFirst()
    {
        await using var fleet = await ApiFleet.StartAsync();
        foreach (var (id, seconds) in ((int, double)[])[(21, -30), (22, -90), (23, -60)])
        {
            await fleet.Exporter.TakesAsync(Payload.Job("queued", job => (job["id"], job["run_id"], job["name"], job["created_at"], job["check_run_url"]) = (id, id, $"job {id}", Payload.At(seconds), null)));
        }

        await fleet.Exporter.TakesAsync(Payload.Job("in_progress", job => (job["id"], job["run_id"], job["name"], job["check_run_url"]) = (23, 23, "job 23", null)));
        var queue = await fleet.Exporter.AskAsync("queue");

        Assert.Equal(["job 22", "job 21"], await fleet.Exporter.ListAllAsync("queue?limit=1"));
        Assert.Equal("queued", (string?)queue["items"]![0]!["state"]);
        Assert.Equal("""[{"type":"standard","state":"queued","jobs":2,"oldest_at":"2026-11-21T11:58:30+00:00"}]""", queue["waiting"]!.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        Assert.Empty(await fleet.Exporter.ListAsync("queue?type=chrome"));
        Assert.Equal(["job 23"], await fleet.Exporter.ListAsync("jobs?state=running"));
    }

    [Fact]
    public async Task Deployments_Filters_FindThoseAndNoOthers()
    {
        await using var fleet = await ApiFleet.StartAsync();
        await fleet.SendAsync(
            AgentEvents.Deployment("1", "1", -60), AgentEvents.Deployment("2", "2", -50, Contracts.V1.Deployment.Types.State.Failure), AgentEvents.Deployment("3", "3", -40, repository: "acme/desk"));

        Assert.Equal(["3", "2", "1"], await fleet.Exporter.ListAllAsync("deployments?limit=1", "id"));
        Assert.Equal(["1", "2", "3"], await fleet.Exporter.ListAsync("deployments?sort=time", "id"));
        Assert.Equal(["2"], await fleet.Exporter.ListAsync("deployments?state=failure", "id"));
        Assert.Equal(["3"], await fleet.Exporter.ListAsync("deployments?repository=acme/desk&environment=production", "id"));
        Assert.Empty(await fleet.Exporter.ListAsync("deployments?environment=staging", "id"));
    }

    [Fact]
    public async Task Jobs_AsCsv_AreAllOfThemAndNoFormula()
    {
        await using var fleet = await ApiFleet.StartAsync();
        await fleet.RunJobsAsync(11);
        await fleet.SendAsync(fleet.Job(12).With(job => job.JobCompleted.Job.Name = "=HYPERLINK(\"x\"),\r\nend"));
        using var response = await fleet.Exporter.Client.GetAsync(new Uri("/api/v1/jobs?format=csv&limit=3&sort=time", UriKind.Relative), RunningExporter.Cancelled);
        var text = await response.Content.ReadAsStringAsync(RunningExporter.Cancelled);

        Assert.Equal("text/csv", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains(",\"'=HYPERLINK(\"\"x\"\"),\r\nend\",CI,acme/shop,completed,success,,r1,standard,", text, StringComparison.Ordinal);
        var lines = text.Split("\r\n");
        Assert.StartsWith("id,name,workflow,", lines[0], StringComparison.Ordinal);
        Assert.Equal(1 + 12 + 1 + 1, lines.Length); // a head, twelve jobs, one of them on two lines, and what is behind the last line
        Assert.EndsWith(",job 1,CI,acme/shop,completed,success,,r1,standard,github.com/acme,1,1,,,2026-11-21T11:59:00.000Z,2026-11-21T11:59:05.000Z,2026-11-21T11:59:45.000Z,,5,40,https://github.com/acme/shop/actions/runs/1/attempts/1", lines[^2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Jobs_WhereNoHistoryIsKept_AreSaidToBeNone()
    {
        await using var exporter = await RunningExporter.StartAsync();
        foreach (var path in (string[])["jobs", "jobs/1.1", "queue", "deployments"])
        {
            var (status, problem) = await exporter.RefusedAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, status);
            Assert.Contains("--data", (string)problem["detail"]!, StringComparison.Ordinal);
        }

        var summary = await exporter.AskAsync("summary");
        Assert.False(summary.ContainsKey("jobs"));
        Assert.False(summary.ContainsKey("deployments"));
    }

    [Fact]
    public async Task Jobs_OfARepositoryThatIsLeftOut_NameItNowhere()
    {
        await using var fleet = await ApiFleet.StartAsync(new ExporterOptions { WebhooksWithoutSecret = true, Repositories = ["!acme/*"] });
        await fleet.RunJobsAsync(1);
        var job = (await fleet.Exporter.AskAsync("jobs"))["items"]![0]!.AsObject();

        Assert.Equal("r1", (string?)job["runner"]);
        Assert.False(job.ContainsKey("name"));
        Assert.False(job.ContainsKey("repository"));
        Assert.False(job.ContainsKey("url"));
    }
}
