using System.Diagnostics;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Telemetry;

/// <summary>The exporter's own spans: those of calls, and none of what would hide them.</summary>
public class RequestSpanTests
{
    // Other tests' exporters are recorded too: a batch is known by how many events it has.
    [Theory]
    [InlineData(301, null)]
    [InlineData(302, ActivityTraceFlags.None)]
    [InlineData(303, ActivityTraceFlags.Recorded)]
    public async Task Heartbeats_ArePartOfTheirCallersTrace_AndNoTraceOfTheirOwn(int count, ActivityTraceFlags? flags)
    {
        using var spans = new SpanRecorder();
        using var folder = new TemporaryFolder();
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { DataDirectory = folder.Path });
        using (var caller = new Activity("caller"))
        {
            if (flags is { } given)
            {
                caller.SetParentId(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), given).Start();
            }

            await exporter.SendAsync([.. Enumerable.Range(0, count).Select(i => AgentEvents.Heartbeat($"h{i}"))]);
        }

        await exporter.SendAsync([.. Enumerable.Range(0, count + 100).Select(i => AgentEvents.Cache($"c{i}"))]);

        // The trace of the call behind it is there, as of every call that is no heartbeat alone.
        Assert.Contains(spans.Ended, span => Equals(span.GetTagItem("runner_metrics.ingest.events"), count + 100));
        Assert.Equal(flags == ActivityTraceFlags.Recorded, spans.Ended.Any(span => Equals(span.GetTagItem("runner_metrics.ingest.events"), count)));
        Assert.DoesNotContain(spans.Ended, span => span.OperationName == "journal commit" && span.ParentId is null);
    }

    [Fact]
    public async Task Calls_OneOfEach_HaveSpansWithinTheirRequests()
    {
        using var spans = new SpanRecorder();
        using var folder = new TemporaryFolder();
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { WebhooksWithoutSecret = true, DataDirectory = folder.Path });
        var trace = ActivityTraceId.CreateRandom();
        using (new Activity("caller").SetParentId(trace, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded).Start())
        {
            await exporter.SendAsync(AgentEvents.Completed("c", "j"));
        }

        await exporter.TakesAsync(Payload.Job("completed"));

        var ingest = spans.Ended.Single(span => span.OperationName == "ingest" && span.TraceId == trace);
        Assert.Contains(
            spans.Ended, span => span.OperationName == "journal commit" && (span.ParentSpanId == ingest.SpanId || span.Links.Any(link => link.Context.SpanId == ingest.SpanId)));
        Assert.Contains(spans.Ended, span => span.OperationName == "webhook" && Equals(span.GetTagItem("runner_metrics.webhook.event"), "workflow_job"));
        Assert.Equal($"POST /{JobEventCollector.Descriptor.FullName}/ReportEvents", ingest.Parent?.DisplayName);
    }

    // Of a caller that traces, and of one that does not: https://www.w3.org/TR/trace-context/#traceparent-header.
    [Theory]
    [InlineData("/metrics")]
    [InlineData("/metrics/runtime")]
    [InlineData("/health")]
    [InlineData("/alive")]
    [InlineData("/ready")]
    public async Task ProbeOrScrape_IsPartOfItsCallersTrace_AndNoTraceOfItsOwn(string path)
    {
        using var spans = new SpanRecorder();
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { ServesRuntimeMetrics = true });
        var (unasked, asked) = (ActivityTraceId.CreateRandom(), ActivityTraceId.CreateRandom());

        foreach (var (trace, flags) in new[] { (default(ActivityTraceId), ""), (unasked, "00"), (asked, "01") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (flags.Length > 0)
            {
                request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-{flags}");
            }

            using var answer = await exporter.Client.SendAsync(request, RunningExporter.Cancelled);
            Assert.True(answer.IsSuccessStatusCode);
        }

        // A request's span ends after its answer: the last one's end says that all have ended.
        await Wait.UntilAsync(() => Task.FromResult(spans.Ended.Any(span => span.TraceId == asked && span.DisplayName == $"GET {path}")), "the traced request's span ends");
        Assert.DoesNotContain(spans.Ended, span => span.TraceId == unasked);
        Assert.DoesNotContain(spans.Ended, span => span.ParentId is null && span.DisplayName == $"GET {path}");
        Assert.Equal(path == "/metrics", spans.Ended.Any(span => span.TraceId == asked && span.OperationName == "scrape" && span.GetTagItem("runner_metrics.scrape.bytes") is long and > 0));
    }

    [Fact]
    public async Task Commit_OfNobodyWhoTraces_IsNoTrace()
    {
        using var folder = new TemporaryFolder();
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { WebhooksWithoutSecret = true, DataDirectory = folder.Path });
        using var spans = new SpanRecorder();
        var unasked = ActivityTraceId.CreateRandom();
        using var _ = new Activity("caller") { ActivityTraceFlags = ActivityTraceFlags.None }.SetParentId(unasked, ActivitySpanId.CreateRandom()).Start();

        await exporter.SendAsync(AgentEvents.Completed("c", "j"));

        Assert.DoesNotContain(spans.Ended, span => span.TraceId == unasked);
        Assert.DoesNotContain(spans.Ended, span => span.OperationName == "journal commit" && span.ParentId is null);
    }
}
