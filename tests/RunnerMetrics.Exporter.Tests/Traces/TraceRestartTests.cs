using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Exporter.Tests.Telemetry;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Traces;

/// <summary>An exporter that is killed between a run's webhooks and its trace.</summary>
public class TraceRestartTests
{
    [Fact]
    public async Task Killed_BeforeTheTraceIsTaken_SendsItAgainWithTheSameIdsAndTimes()
    {
        await using var sink = await OtlpSink.StartAsync();
        using var folder = new TemporaryFolder();
        sink.Status = 503;
        await using (var killed = Start(sink, folder))
        {
            var (http, _) = await killed.ReadyAsync();
            using var client = new PatientHttpClient { BaseAddress = http };
            var now = TimeProvider.System.GetUtcNow();
            var job = RunPayload.Job(26920038674, "test", -100, -90, -40, steps: ("Run tests", "success", -88, -42));
            Move(job["workflow_job"]!, now, "created_at", "started_at", "completed_at");
            var run = RunPayload.Run(-101, -39);
            Move(run["workflow_run"]!, now, "run_started_at", "updated_at");
            await DeliverAsync(client, "workflow_job", job);
            await DeliverAsync(client, "workflow_run", run);
            await Wait.UntilAsync(() => Names(sink).Count >= 4, "the spans are sent, and refused");
            await killed.SignalAsync("KILL");
            await killed.EndAsync();
        }

        var refused = Spans(sink);
        sink.Status = 200;
        await using var exporter = Start(sink, folder);
        await exporter.ReadyAsync();
        await Wait.UntilAsync(() => Spans(sink, skip: refused.Requests).Texts.Count >= 4, "the spans are sent again");
        await exporter.SignalAsync("TERM");
        Assert.Equal(0, (await exporter.EndAsync()).ExitCode);

        Assert.Equal(["RUN CI", "Run tests", "queue-test", "test"], Names(sink));
        Assert.Equal(refused.Texts, Spans(sink, skip: refused.Requests).Texts);
    }

    private static (int Requests, SortedSet<string> Texts) Spans(OtlpSink sink, int skip = 0)
    {
        var requests = Requests(sink);
        return (requests.Count, new SortedSet<string>(OtlpJson.SpansIn(requests.Skip(skip)).Select(span => span.ToJsonString()), StringComparer.Ordinal));
    }

    private static SortedSet<string> Names(OtlpSink sink) => new(OtlpJson.SpansIn(Requests(sink)).Select(span => (string)span["name"]!), StringComparer.Ordinal);

    // The exporter's own spans come to the same collector.
    private static List<byte[]> Requests(OtlpSink sink) => [.. sink.Bodies("trace").Where(body => Encoding.Latin1.GetString(body).Contains("RunnerMetrics.Runs", StringComparison.Ordinal))];

    private static RunningProgram Start(OtlpSink sink, TemporaryFolder folder) => ExporterProcess.Start(
        new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Url, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" },
        "--http-port", "0", "--grpc-port", "0", "--data", folder.Path, "--webhooks-without-secret");

    private static void Move(JsonNode part, DateTimeOffset to, params string[] times)
    {
        foreach (var time in times)
        {
            part[time] = (DateTimeOffset.Parse((string)part[time]!, System.Globalization.CultureInfo.InvariantCulture) + (to - AgentEvents.Now)).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    private static async Task DeliverAsync(HttpClient client, string name, JsonNode payload)
    {
        using var content = new ByteArrayContent(payload.Bytes());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.Add("X-GitHub-Event", name);
        content.Headers.Add("X-GitHub-Delivery", Guid.NewGuid().ToString());
        using var answer = await client.PostAsync(new Uri("/webhooks/github", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
