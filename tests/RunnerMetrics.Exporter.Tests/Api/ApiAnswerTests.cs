using System.IO.Compression;
using System.Net;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;

namespace RunnerMetrics.Exporter.Tests.Api;

public class ApiAnswerTests
{
    [Theory]
    [InlineData("jobs?conclusion=good", "conclusion", "is 'good': give success, failed, cancelled or lost")]
    [InlineData("jobs?reason=me", "reason", "is 'me': give job, setup, runner or unknown")]
    [InlineData("jobs?limit=0", "limit", "is '0': give a number from 1 to 500")]
    [InlineData("jobs?limit=501", "limit", "is '501': give a number from 1 to 500")]
    [InlineData("jobs?from=yesterday", "from", "is 'yesterday': give a time such as 2026-11-29T12:00:00Z, or how long ago, such as 24h or 7d")]
    [InlineData("jobs?after=17", "after", "is '17': give the next of the page before, as it stands there")]
    [InlineData("jobs?runer=r1", "runer", "is not a parameter of /api/v1/jobs: did you mean runner?")]
    [InlineData("jobs?type=a&type=b", "type", "is given 2 times: give it once")]
    [InlineData("runners?after=%21", "after", "is no place in a list of runners: give the next of the page before, as it stands there")]
    [InlineData("runners?sort=age", "sort", "is 'age': give state, name, -name, last_heard or -last_heard")]
    [InlineData("queue?colour=red", "colour", "is not a parameter of /api/v1/queue: it takes type, repository, workflow, q, limit, after")]
    [InlineData("health?verbose=1", "verbose", "is not a parameter of /api/v1/health: it takes none")]
    public async Task Query_ThatIsWrong_IsToldWhatWouldBeRight(string path, string parameter, string problem)
    {
        await using var exporter = await RunningExporter.StartAsync();
        var (status, body) = await exporter.RefusedAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        var error = Assert.Single(body["errors"]!.AsArray())!;
        Assert.Equal((parameter, problem), ((string?)error["parameter"], (string?)error["problem"]));
        Assert.Equal($"{parameter} {problem}{(problem[^1] == '?' ? "" : ".")}", (string?)body["detail"]);
    }

    [Fact]
    public async Task Query_WithSeveralMistakes_IsToldAllOfThem()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var (_, body) = await exporter.RefusedAsync("jobs?sort=up&limit=x&until=now&colour=red");

        Assert.Equal(["colour", "until", "sort", "limit"], body["errors"]!.AsArray().Select(error => (string?)error!["parameter"]));
    }

    [Fact]
    public async Task Call_ThatIsNone_IsToldWhichThereAre()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var (status, body) = await exporter.RefusedAsync("job");

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("/api/v1/jobs/{id}", (string)body["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_ThatTheClientHas_IsNotSentAgainUntilItChanges()
    {
        await using var fleet = await ApiFleet.StartAsync();
        await fleet.RunJobsAsync(3);
        var first = await CallAsync(fleet.Exporter, null);
        var again = await CallAsync(fleet.Exporter, first.Tag);
        Assert.Equal((HttpStatusCode.NotModified, first.Tag, ""), again);

        await fleet.SendAsync(fleet.Job(9));
        var changed = await CallAsync(fleet.Exporter, first.Tag);
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.NotEqual(first.Tag, changed.Tag);
    }

    [Fact]
    public async Task Answer_ThatIsLarge_IsCompressedWhereThatIsTaken()
    {
        await using var fleet = await ApiFleet.StartAsync();
        var plain = await fleet.Exporter.Client.GetByteArrayAsync(new Uri("/api/v1/openapi.json", UriKind.Relative), RunningExporter.Cancelled);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/openapi.json");
        request.Headers.Add("Accept-Encoding", "gzip");
        using var response = await fleet.Exporter.Client.SendAsync(request, RunningExporter.Cancelled);
        var packed = await response.Content.ReadAsByteArrayAsync(RunningExporter.Cancelled);
        await using var unpacked = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var whole = new MemoryStream();
        await unpacked.CopyToAsync(whole, RunningExporter.Cancelled);

        Assert.True(packed.Length * 4 < plain.Length, $"{packed.Length} of {plain.Length} bytes");
        Assert.Equal(plain, whole.ToArray());
    }

    [Theory]
    [InlineData("summary")]
    [InlineData("jobs")]
    [InlineData("jobs?format=csv")]
    [InlineData("events")]
    [InlineData("openapi.json")]
    public async Task Head_OfACall_HasItsHeadersAndNoBody(string path)
    {
        await using var fleet = await ApiFleet.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Head, $"/api/v1/{path}");
        using var response = await fleet.Exporter.Client.SendAsync(request, RunningExporter.Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotNull(response.Content.Headers.ContentType);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(RunningExporter.Cancelled));
    }

    [Theory]
    [InlineData("POST", "/api/v1/jobs", "GET, HEAD")]
    [InlineData("PUT", "/api/v1/runners", "GET, HEAD, DELETE")]
    public async Task Call_ByAnotherMethod_IsRefused(string method, string path, string allowed)
    {
        await using var exporter = await RunningExporter.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        using var response = await exporter.Client.SendAsync(request, RunningExporter.Cancelled);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(allowed, string.Join(", ", response.Content.Headers.Allow));
    }

    [Fact]
    public async Task Health_OfAnExporter_TellsWhatItHeardAndRejected()
    {
        await using var fleet = await ApiFleet.StartAsync();
        var fresh = await fleet.Exporter.AskAsync("health");
        Assert.True((bool)fresh["ready"]!);
        Assert.False(fresh.ContainsKey("webhook_heard_at"));
        Assert.False(fresh.ContainsKey("agent_heard_at"));
        Assert.Equal("[]", fresh["rejected"]!.ToJsonString());

        await fleet.SendAsync(AgentEvents.Heartbeat("1"));
        await fleet.Exporter.TakesAsync(Payload.Job("queued"));
        await fleet.Exporter.SendAsync(AgentEvents.Completed("old", "j", -4_000_000, -3_999_000));
        await fleet.Exporter.ScrapeAsync();
        var health = await fleet.Exporter.AskAsync("health");
        Assert.Equal("""[{"source":"grpc","reason":"too_old","events":1}]""", health["rejected"]!.ToJsonString());
        Assert.Equal((AgentEvents.Now, AgentEvents.Now), ((DateTimeOffset)health["webhook_heard_at"]!, (DateTimeOffset)health["agent_heard_at"]!));
        Assert.Equal((90, true, true), ((double)health["history_days"]!, (bool)health["durable"]!, (int)health["series"]! > 20));
        Assert.True((long)health["journal_bytes"]! > 0);
    }

    [Fact]
    public async Task Summary_OfAFleet_CountsWhatEndedInItsTime()
    {
        await using var fleet = await ApiFleet.StartAsync(new ExporterOptions());
        await fleet.RunJobsAsync(12);
        await fleet.SendAsync(AgentEvents.Heartbeat("1"), AgentEvents.Deployment("d", "1"));
        var summary = await fleet.Exporter.AskAsync("summary");
        Assert.Equal("""{"success":8,"failed":4,"cancelled":0,"lost":0}""", summary["jobs"]!["conclusions"]!.ToJsonString());
        Assert.Equal("""{"job":2,"setup":0,"runner":2,"unknown":0}""", summary["jobs"]!["reasons"]!.ToJsonString());
        Assert.Equal("""{"pending":0,"in_progress":0,"success":1,"failure":0}""", summary["deployments"]!.ToJsonString());
        Assert.Equal("""{"total":2,"idle":1,"busy":0,"disconnected":0,"offline":0,"refused":0,"unknown":1}""", summary["runners"]!.ToJsonString());
        Assert.Equal(["chrome", "standard"], summary["types"]!.AsArray().Select(type => (string?)type!["type"]));

        var later = await fleet.Exporter.AskAsync("summary?since=5m");
        Assert.Equal("""{"success":4,"failed":1,"cancelled":0,"lost":0}""", later["jobs"]!["conclusions"]!.ToJsonString());
    }

    private static async Task<(HttpStatusCode Status, string? Tag, string Body)> CallAsync(RunningExporter exporter, string? tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/jobs");
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        using var response = await exporter.Client.SendAsync(request, RunningExporter.Cancelled);
        return (response.StatusCode, response.Headers.ETag?.ToString(), await response.Content.ReadAsStringAsync(RunningExporter.Cancelled));
    }
}
