using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;

namespace RunnerMetrics.Exporter.Tests.Webhooks;

public class RequestTests
{
    private static readonly byte[] Body = Payload.Job("queued").Bytes();

    private static string Rejected(string reason) => $"runner_metrics_events_rejected_total{{source=\"webhook\",reason=\"{reason}\"}}";

    private static string Outcome(string outcome) => $"runner_metrics_events_total{{source=\"webhook\",outcome=\"{outcome}\"}}";

    [Fact]
    public async Task Deliver_Ping_IsAnsweredWithAWord()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var (status, text) = await exporter.DeliverAsync(File.ReadAllBytes(Path.Combine(Payload.Folder, "ping/00.json")), "ping");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("pong\n", text);
    }

    [Fact]
    public async Task Deliver_UnknownEvent_IsAcceptedIgnoredAndCounted()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var (status, text) = await exporter.DeliverAsync(File.ReadAllBytes(Path.Combine(Payload.Folder, "push/00.json")), "sponsorship");

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Contains("ignored", text, StringComparison.Ordinal);
        Assert.Equal("1", await exporter.SampleAsync(Outcome("ignored")));
        Assert.Equal("0", await exporter.SampleAsync(Outcome("accepted")));
        Assert.Empty(await exporter.FleetTextAsync());
    }

    [Fact]
    public async Task Deliver_UnknownAction_IsAcceptedAndIgnored()
    {
        await using var exporter = await RunningExporter.StartAsync();
        await exporter.TakesAsync(Payload.Job("paused"));

        Assert.Equal("1", await exporter.SampleAsync(Outcome("ignored")));
    }

    [Fact]
    public async Task Deliver_SameDeliveryTwice_IsOneEvent()
    {
        await using var exporter = await RunningExporter.StartAsync();
        await exporter.TakesAsync(Payload.Job("completed"), "72d3162e-cc78-11e3-81ab-4c9367dc0958");
        var text = await exporter.FleetTextAsync();
        await exporter.TakesAsync(Payload.Job("completed"), "72d3162e-cc78-11e3-81ab-4c9367dc0958");

        Assert.Equal("1", await exporter.SampleAsync(Outcome("accepted")));
        Assert.Equal("1", await exporter.SampleAsync(Outcome("duplicate")));
        Assert.Equal(text, await exporter.FleetTextAsync());
    }

    [Fact]
    public async Task Deliver_NotAPost_IsRefused()
    {
        await using var exporter = await RunningExporter.StartAsync();
        using var response = await exporter.Client.GetAsync(new Uri("/webhooks/github", UriKind.Relative), RunningExporter.Cancelled);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("POST", Assert.Single(response.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/plain")]
    [InlineData(null)]
    public async Task Deliver_NotJson_IsToldWhatToChoose(string? type)
    {
        await using var exporter = await RunningExporter.StartAsync();
        var (status, text) = await exporter.DeliverAsync(
            Body, change: request => request.Content!.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type));

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);
        Assert.Contains("application/json", text, StringComparison.Ordinal);
        Assert.Equal("1", await exporter.SampleAsync(Rejected("media_type")));
    }

    [Fact]
    public async Task Deliver_JsonWithACharset_IsTaken()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var (status, _) = await exporter.DeliverAsync(
            Body, change: request => request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse("Application/JSON; charset=utf-8"));

        Assert.Equal(HttpStatusCode.Accepted, status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Deliver_LargerThanGitHubSends_IsRefused(bool isChunked)
    {
        await using var exporter = await RunningExporter.StartAsync();
        try
        {
            var (status, _) = await exporter.DeliverAsync(
                new byte[(25 * 1024 * 1024) + 1], change: request => request.Headers.TransferEncodingChunked = isChunked);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        }
        catch (HttpRequestException e) when (e.InnerException is IOException)
        {
            // The server need not read what it refuses, and closes the connection under the client's hands.
        }

        Assert.Equal("1", await exporter.SampleAsync(Rejected("too_large")));
    }

    [Fact]
    public async Task Deliver_AsLargeAsGitHubSends_IsTaken()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var payload = Payload.Job("queued", job => job["padding"] = new string('x', (25 * 1024 * 1024) - 20_000));

        await exporter.TakesAsync(payload);
        Assert.Equal("1", await exporter.SampleAsync("github_workflow_jobs_queued{runner_type=\"standard\"}"));
    }

    public static TheoryData<string, string> Malformed() => new()
    {
        { "", "JSON" },
        { "{", "JSON" },
        { "not json", "JSON" },
        { "null", "null" },
        { "[]", "JSON" },
        { "{}", "action" },
        { """{"action":"queued"}""", "workflow_job is missing" },
        { """{"action":5,"workflow_job":{}}""", "$.action" },
        { Without("id"), "workflow_job.id" },
        { With("id", "\"12\""), "$.workflow_job.id" },
        { With("id", "99999999999999999999"), "$.workflow_job.id" },
        { With("id", "-1"), "workflow_job.id" },
        { Without("run_id"), "workflow_job.run_id" },
        { With("started_at", "\"yesterday\""), "$.workflow_job.started_at" },
        { With("conclusion", "null"), "workflow_job.conclusion" },
        { With("labels", "\"self-hosted\""), "$.workflow_job.labels" },
        { With("runner_name", "\"other\""), "workflow_job.runner_name" },
        { With("runner_name", $"\"{new string('r', 129)}\""), "workflow_job.runner_name" },
        { With("started_at", "\"2026-09-21T12:00:00Z\""), "too far apart" },
        { With("workflow_name", "\"a\\u001b[2Jb\""), "workflow_job.workflow_name has a control character" },
        { With("completed_at", "\"9999-12-31T23:59:59Z\""), "future" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Deliver_Malformed_IsRefusedWithAReasonAndChangesNothing(string payload, string reason)
    {
        await using var exporter = await RunningExporter.StartAsync();
        var (status, text) = await exporter.DeliverAsync(System.Text.Encoding.UTF8.GetBytes(payload));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(reason, text, StringComparison.Ordinal);
        Assert.Equal("1", await exporter.SampleAsync(Outcome("rejected")));
        Assert.Empty(await exporter.FleetTextAsync());
    }

    [Theory]
    [InlineData("X-GitHub-Delivery")]
    [InlineData("X-GitHub-Event")]
    public async Task Deliver_WithoutItsHeaders_IsRefused(string header)
    {
        await using var exporter = await RunningExporter.StartAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await exporter.DeliverAsync(Body, change: request => request.Headers.Remove(header))).Status);
    }

    [Fact]
    public async Task Deliver_OlderThanTheHorizon_IsNotCounted()
    {
        await using var exporter = await RunningExporter.StartAsync();
        await exporter.TakesAsync(Payload.Job("completed", job =>
        {
            job["created_at"] = Payload.At(-36.0 * 86400);
            job["started_at"] = Payload.At(-36.0 * 86400);
            job["completed_at"] = Payload.At((-36.0 * 86400) + 60);
        }));

        Assert.Equal("1", await exporter.SampleAsync(Rejected("too_old")));
        Assert.Empty(await exporter.FleetTextAsync());
    }

    [Fact]
    public async Task Deliver_JournalCannotBeWritten_IsToBeDeliveredAgain()
    {
        var folder = Directory.CreateTempSubdirectory("runner-metrics-webhooks-");
        try
        {
            await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { WebhooksWithoutSecret = true, DataDirectory = folder.FullName });
            await exporter.StopTakingAsync();
            var (status, _) = await exporter.DeliverAsync(Body);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Equal("0", await exporter.SampleAsync(Outcome("accepted")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Without(string field) => Payload.Job("completed", job => job.Remove(field)).ToJsonString();

    private static string With(string field, string json) => Payload.Job("completed", job => job[field] = JsonNode.Parse(json)).ToJsonString();
}
