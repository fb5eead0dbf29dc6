using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Exporter.Tests.Telemetry;
using RunnerMetrics.Exporter.Tests.Traces;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.FleetMetrics;

/// <summary>The program itself, with a collector beside it.</summary>
public class FleetMetricsProcessTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task Program_KilledInBetween_SendsTheSameCountsSinceTheSameTime(string protocol)
    {
        await using var sink = await OtlpSink.StartAsync(grpc: protocol == "grpc");
        using var folder = new TemporaryFolder();
        OtlpPoints before;
        await using (var killed = Start(sink, protocol, folder))
        {
            var (http, grpc) = await killed.ReadyAsync();
            var now = TimeProvider.System.GetUtcNow();
            using var channel = CollectorCalls.Open(grpc);
            await channel.ReportAsync(AgentEvents.Batch(now, AgentEvents.Completed("c", "job", conclusion: Contracts.V1.JobCompleted.Types.Conclusion.Failed).With(job =>
            {
                job.OccurredAt = job.JobCompleted.CompletedAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(now);
                job.JobCompleted.StartedAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(now.AddSeconds(-30));
            })));
            var run = RunPayload.Run(-60, 0);
            foreach (var time in (string[])["run_started_at", "updated_at"])
            {
                var at = DateTimeOffset.Parse((string)run["workflow_run"]![time]!, System.Globalization.CultureInfo.InvariantCulture);
                run["workflow_run"]![time] = (at + (now - AgentEvents.Now)).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
            }

            await DeliverAsync(http, run);
            await Wait.UntilAsync(() => Latest(sink)?.Histogram("cicd.pipeline.run.duration", "cicd.pipeline.result=success").Count == 1, "the run is exported");
            before = Latest(sink)!;
            var scraped = await Scraped.ReadAsync(http, Cancelled);
            Assert.Equal(scraped.Sum("github_workflow_run_duration_seconds_sum"), before.Histogram("cicd.pipeline.run.duration").Sum);
            Assert.Equal(1, before.Sum("cicd.pipeline.run.errors", "error.type=failure"));
            await killed.SignalAsync("KILL");
            await killed.EndAsync();
        }

        var exports = FleetRequests(sink).Length;
        await using var exporter = Start(sink, protocol, folder);
        await exporter.ReadyAsync();
        await Wait.UntilAsync(() => FleetRequests(sink).Length > exports, "the next life exports");
        await exporter.SignalAsync("TERM");
        Assert.Equal(0, (await exporter.EndAsync()).ExitCode);

        Assert.Equal(before.Texts, OtlpPoints.In(FleetRequests(sink)[exports]).Texts);
        Assert.Single(before.Starts);
    }

    [Fact]
    public async Task Program_OptionOff_SendsNoneOfThem()
    {
        await using var sink = await OtlpSink.StartAsync();
        await using var exporter = ExporterProcess.Start(Environment(sink, "http/protobuf"), "--http-port", "0", "--grpc-port", "0");
        var (_, grpc) = await exporter.ReadyAsync();
        using var channel = CollectorCalls.Open(grpc);
        await channel.ReportAsync(AgentEvents.Batch(TimeProvider.System.GetUtcNow(), AgentEvents.Heartbeat("h")));
        await Wait.UntilAsync(() => sink.Count("metrics") > 2, "its own metrics are sent");
        await exporter.SignalAsync("TERM");
        await exporter.EndAsync();

        Assert.False(sink.Has("metrics", "cicd."));
    }

    [Fact]
    public async Task Program_NoEndpoint_SaysWhatItNeeds()
    {
        var run = await ExporterProcess.RunAsync("--http-port", "0", "--grpc-port", "0", "--otlp-fleet-metrics");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--otlp-fleet-metrics needs a collector to send to: set OTEL_EXPORTER_OTLP_ENDPOINT, such as http://127.0.0.1:4317", run.Errors, StringComparison.Ordinal);
    }

    private static RunningProgram Start(OtlpSink sink, string protocol, TemporaryFolder folder) => ExporterProcess.Start(
        Environment(sink, protocol), "--http-port", "0", "--grpc-port", "0", "--data", folder.Path, "--webhooks-without-secret", "--otlp-fleet-metrics");

    private static Dictionary<string, string> Environment(OtlpSink sink, string protocol) => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Url,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "50",
    };

    private static byte[][] FleetRequests(OtlpSink sink) =>
        [.. sink.Bodies("metrics").Where(body => Encoding.Latin1.GetString(body).Contains("RunnerMetrics.Fleet", StringComparison.Ordinal)).Select(body => sink.IsGrpc ? body[5..] : body)];

    private static OtlpPoints? Latest(OtlpSink sink) => FleetRequests(sink) is [.., var latest] ? OtlpPoints.In(latest) : null;

    private static async Task DeliverAsync(Uri http, JsonNode payload)
    {
        using var client = new PatientHttpClient { BaseAddress = http };
        using var content = new ByteArrayContent(payload.Bytes());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.Add("X-GitHub-Event", "workflow_run");
        content.Headers.Add("X-GitHub-Delivery", Guid.NewGuid().ToString());
        using var answer = await client.PostAsync(new Uri("/webhooks/github", UriKind.Relative), content, Cancelled);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }
}
