using System.Diagnostics;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;
using FailureReason = RunnerMetrics.Contracts.V1.JobCompleted.Types.FailureReason;

namespace RunnerMetrics.Exporter.Tests.Telemetry;

/// <summary>A job as a trace: what was measured of it, and nothing else.</summary>
public class JobTraceTests
{
    [Fact]
    public async Task Completed_StepsKnown_IsATraceOfSetUpAndRun()
    {
        using var spans = new SpanRecorder();
        await using var exporter = await RunningExporter.StartAsync();
        var name = UniqueName();

        await exporter.SendAsync(Completed(name, job => job.StepsStartedAt = AgentEvents.At(-55)));

        var root = RootOf(spans, name);
        Assert.Equal(["job -60 -1", "set up -60 -55", "run -55 -1"], spans.Trace(root));
        Assert.Equal($"job {name}", root.DisplayName);
        Assert.Equal("acme/shop", root.GetTagItem("vcs.repository.name"));
        Assert.Equal("CI", root.GetTagItem("cicd.pipeline.name"));
        Assert.Equal(7L, root.GetTagItem("cicd.pipeline.run.id"));
        Assert.Equal("success", root.GetTagItem("cicd.pipeline.task.run.result"));
        Assert.Equal("r1", root.GetTagItem("cicd.worker.name"));
        Assert.Null(root.GetTagItem("cicd.pipeline.task.run.id"));
        Assert.Equal(ActivityStatusCode.Unset, root.Status);
        Assert.Single(root.Links);
    }

    [Fact]
    public async Task Completed_RepositoryLeftOut_NamesItsRunnerAndNothingElse()
    {
        using var spans = new SpanRecorder();
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { Repositories = ["!acme/shop"] });
        var name = UniqueName();

        await exporter.SendAsync(Completed("secret", _ => { }).With(wire => wire.Runner.Name = name));

        var root = Assert.Single(spans.Ended, span => Equals(span.GetTagItem("cicd.worker.name"), name));
        Assert.Equal(["job -60 -1", "run -60 -1"], spans.Trace(root));
        Assert.Equal("job", root.DisplayName);
        Assert.DoesNotContain(root.TagObjects, tag => tag.Key.StartsWith("vcs.", StringComparison.Ordinal) || tag.Key.StartsWith("cicd.pipeline.run", StringComparison.Ordinal) || tag.Key == "cicd.pipeline.name");
    }

    [Fact]
    public async Task Completed_StepsNotKnown_HasNoSetUp()
    {
        using var spans = new SpanRecorder();
        await using var exporter = await RunningExporter.StartAsync();
        var name = UniqueName();

        await exporter.SendAsync(Completed(name, _ => { }));

        Assert.Equal(["job -60 -1", "run -60 -1"], spans.Trace(RootOf(spans, name)));
    }

    [Fact]
    public async Task Completed_FailedInSetUp_HasNoRun()
    {
        using var spans = new SpanRecorder();
        await using var exporter = await RunningExporter.StartAsync();
        var name = UniqueName();

        await exporter.SendAsync(Completed(name, job => (job.Conclusion, job.FailureReason) = (Conclusion.Failed, FailureReason.Setup)));

        var root = RootOf(spans, name);
        Assert.Equal(["job -60 -1", "set up -60 -1"], spans.Trace(root));
        Assert.Equal(ActivityStatusCode.Error, root.Status);
        Assert.Equal("error", root.GetTagItem("cicd.pipeline.task.run.result"));
    }

    [Fact]
    public async Task Completed_LostWithoutAnEnd_IsNoTrace()
    {
        using var spans = new SpanRecorder();
        await using var exporter = await RunningExporter.StartAsync();
        var name = UniqueName();

        await exporter.SendAsync(Completed(name, job => (job.Conclusion, job.CompletedAt) = (Conclusion.Lost, null)));

        Assert.Empty(RootsOf(spans, name));
    }

    [Fact]
    public async Task Completed_SentAgain_IsOneTrace()
    {
        using var spans = new SpanRecorder();
        await using var exporter = await RunningExporter.StartAsync();
        var name = UniqueName();
        var completed = Completed(name, _ => { });

        await exporter.SendAsync(completed);
        await exporter.SendAsync(completed);

        Assert.Single(RootsOf(spans, name));
    }

    [Theory]
    [InlineData("before the agent's word", true)]
    [InlineData("after it", false)]
    public async Task Completed_GitHubSpeaksToo_IsOneTraceOfTheAgents(string when, bool gitHubFirst)
    {
        using var spans = new SpanRecorder();
        await using var exporter = await RunningExporter.StartAsync();
        var name = UniqueName();
        var completed = Completed(name, job =>
        {
            job.StepsStartedAt = AgentEvents.At(-55);
            job.Job.CheckRunId = 1001;
        });
        await exporter.SendAsync(AgentEvents.Heartbeat("h"));
        await DeliverAsync(exporter, "queued", name);
        await DeliverAsync(exporter, "in_progress", name);
        if (gitHubFirst)
        {
            await DeliverAsync(exporter, "completed", name);
        }

        await exporter.SendAsync(completed);
        if (!gitHubFirst)
        {
            await DeliverAsync(exporter, "completed", name);
        }

        var root = Assert.Single(RootsOf(spans, name));
        var trace = spans.Trace(root);
        Assert.True(trace.Count == 4, when);
        Assert.StartsWith("wait ", trace[1], StringComparison.Ordinal);
        Assert.Equal(["set up -60 -55", "run -55 -1"], trace.Skip(2));
        Assert.Equal(trace[1].Split(' ')[1], trace[0].Split(' ')[1]);
    }

    [Fact]
    public async Task WorkflowJob_RunnerWithoutAnAgent_IsATraceOfGitHubs()
    {
        using var spans = new SpanRecorder();
        await using var exporter = await RunningExporter.StartAsync();
        var name = UniqueName();

        await DeliverAsync(exporter, "completed", name);

        var root = Assert.Single(RootsOf(spans, name));
        Assert.Equal(["job", "wait", "run"], spans.Trace(root).Select(span => span.Split(' ')[0]));
        Assert.Equal(1001L, root.GetTagItem("cicd.pipeline.task.run.id"));
    }

    // The first job after a start: GitHub's word comes before the runner's agent reports at all.
    [Fact]
    public async Task WorkflowJob_AgentIsHeardAfterIt_IsOneTrace()
    {
        using var spans = new SpanRecorder();
        await using var exporter = await RunningExporter.StartAsync();
        var name = UniqueName();

        await DeliverAsync(exporter, "completed", name);
        await exporter.SendAsync(Completed(name, job => job.Job.CheckRunId = 1001));
        await exporter.SendAsync(Completed(name + " 2", job => job.Job.CheckRunId = 1002));

        Assert.Single(RootsOf(spans, name));
        Assert.Single(RootsOf(spans, name + " 2"));
    }

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
        var name = UniqueName();
        using (var caller = new Activity("caller"))
        {
            if (flags is { } given)
            {
                caller.SetParentId(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), given).Start();
            }

            await exporter.SendAsync([.. Enumerable.Range(0, count).Select(i => AgentEvents.Heartbeat($"h{i}"))]);
        }

        await exporter.SendAsync(Completed(name, _ => { }));

        // The trace of the call behind it is there, as of every call that is no heartbeat alone.
        Assert.Contains(spans.Ended, span => span.OperationName == "ingest" && span.SpanId == RootOf(spans, name).Links.Single().Context.SpanId);
        Assert.Equal(flags == ActivityTraceFlags.Recorded, spans.Ended.Any(span => Equals(span.GetTagItem("runner_metrics.ingest.events"), count)));
        Assert.DoesNotContain(spans.Ended, span => span.OperationName == "journal commit" && span.ParentId is null);
    }

    [Fact]
    public async Task Calls_OneOfEach_HaveSpansWithinTheirRequests()
    {
        using var spans = new SpanRecorder();
        using var folder = new TemporaryFolder();
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { WebhooksWithoutSecret = true, DataDirectory = folder.Path });
        var name = UniqueName();

        await exporter.SendAsync(Completed(name, _ => { }));
        await DeliverAsync(exporter, "completed", name);

        var ingest = spans.Ended.Single(span => span.OperationName == "ingest" && RootOf(spans, name).Links.Single().Context.SpanId == span.SpanId);
        Assert.Contains(
            spans.Ended, span => span.OperationName == "journal commit" && (span.ParentSpanId == ingest.SpanId || span.Links.Any(link => link.Context.SpanId == ingest.SpanId)));
        Assert.Contains(spans.Ended, span => span.OperationName == "webhook" && Equals(span.GetTagItem("runner_metrics.webhook.event"), "workflow_job"));
        Assert.Equal("POST /runnermetrics.v1.JobEventCollector/ReportEvents", ingest.Parent?.DisplayName);
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

        await exporter.SendAsync(Completed(UniqueName(), _ => { }));

        Assert.DoesNotContain(spans.Ended, span => span.TraceId == unasked);
        Assert.DoesNotContain(spans.Ended, span => span.OperationName == "journal commit" && span.ParentId is null);
    }

    private static string UniqueName() => $"build {Guid.NewGuid():N}";

    private static Event Completed(string name, Action<JobCompleted> change) => AgentEvents.Completed($"c {name}", $"j {name}").With(completed =>
    {
        completed.JobCompleted.Job.Name = name;
        change(completed.JobCompleted);
    });

    private static async Task DeliverAsync(RunningExporter exporter, string action, string name)
    {
        using var content = new ByteArrayContent(Payload.Job(action, job => job["name"] = name).Bytes());
        content.Headers.ContentType = new("application/json");
        content.Headers.Add("X-GitHub-Event", "workflow_job");
        content.Headers.Add("X-GitHub-Delivery", $"{action} {name}".Replace(' ', '-'));
        using var answer = await exporter.Client.PostAsync(new Uri("/webhooks/github", UriKind.Relative), content, RunningExporter.Cancelled);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(RunningExporter.Cancelled));
    }

    private static Activity RootOf(SpanRecorder spans, string name) => Assert.Single(RootsOf(spans, name));

    private static List<Activity> RootsOf(SpanRecorder spans, string name) =>
        [.. spans.Ended.Where(span => span.OperationName == "job" && Equals(span.GetTagItem("cicd.pipeline.task.name"), name))];
}
