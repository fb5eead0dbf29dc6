using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using RunnerMetrics.Agent;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Exporter.Tests.Telemetry;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Runners;

/// <summary>Jobs whose steps are programs with OpenTelemetry's SDK: their spans are in the trace that the exporter sends of the run.</summary>
public sealed class StepProgramTests : IDisposable
{
    private const int Jobs = 3;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Hooks => Directory.CreateDirectory(Path.Combine(_folder.Path, "hooks")).FullName;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task StepsThatSendTraces_AndTheRun_AreOneTree()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "The runner's hooks need bash.");
        await ForeignProgram.RequireAsync("otlp_step.js");
        await using var sink = await OtlpSink.StartAsync();
        await using var exporter = ExporterProcess.Start(
            new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Url, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf" },
            "--http-port", "0", "--grpc-port", "0", "--webhooks-without-secret");
        var (http, grpc) = await exporter.ReadyAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var agent = AgentApplication.RunAsync(Options(grpc), NullLoggerFactory.Instance, TimeProvider.System, stop.Token);

        List<Task<string>> steps = [];
        var jobs = await SimulateAsync((run, variables) => steps.Add(ForeignProgram.RunWithAsync(
            new Dictionary<string, string> { ["TRACEPARENT"] = variables.GetValueOrDefault("TRACEPARENT", "") }, "otlp_step.js", sink.Url, $"build of {run}")));
        await Task.WhenAll(steps);
        Assert.NotEmpty(steps);
        await Wait.UntilAsync(async () => (await Scraped.ReadAsync(http, Cancelled)).Sum("github_runner_jobs_total") == Jobs, "all jobs arrive");
        foreach (var job in jobs.DistinctBy(job => job.RunId))
        {
            await EndRunAsync(http, job);
        }

        var runs = jobs.Select(job => job.RunId).Distinct().ToArray();
        await Wait.UntilAsync(() => Spans(sink).Count(span => span.Name.StartsWith("RUN ", StringComparison.Ordinal)) == runs.Length, "the runs' own spans arrive");
        await stop.CancelAsync();
        Assert.Equal(0, await agent);

        var spans = Spans(sink);
        foreach (var run in runs)
        {
            var tree = spans.Where(span => span.Trace == TraceIds.TraceOf(run, jobs.First(job => job.RunId == run).RunAttempt)).ToArray();
            var root = Assert.Single(tree, span => span.Parent.Length == 0);
            Assert.StartsWith("RUN ", root.Name, StringComparison.Ordinal);
            Assert.All(tree, span => Assert.True(span == root || tree.Any(other => other.Id == span.Parent), $"{span.Name} has no parent here."));

            // A step is within its job, or within the run where the job's span was not known in time.
            var within = tree.Where(span => span == root || span.Parent == root.Id).Select(span => span.Id).ToHashSet();
            Assert.All(tree.Where(span => span.Name == $"build of {run}"), step => Assert.Contains(step.Parent, within));
        }

        Assert.Equal(steps.Count, spans.Count(span => span.Name.StartsWith("build of ", StringComparison.Ordinal)));
    }

    private static List<(string Trace, string Id, string Parent, string Name)> Spans(OtlpSink sink) =>
    [
        .. OtlpJson.SpansIn(sink.Bodies("trace").Where(IsOfARun)).Select(span => ((string)span["traceId"]!, (string)span["spanId"]!, (string?)span["parentSpanId"] ?? "", (string)span["name"]!)),
    ];

    // The exporter's own spans come to the same collector.
    private static bool IsOfARun(byte[] body) => Encoding.Latin1.GetString(body) is var text && (text.Contains("RunnerMetrics.Runs", StringComparison.Ordinal) || text.Contains("build of ", StringComparison.Ordinal));

    private async Task<List<SimulatedJob>> SimulateAsync(Action<long, IReadOnlyDictionary<string, string>> onStepVariables)
    {
        var did = new List<SimulatedJob>();
        var scripts = Path.Combine(RepositoryFolder.Path, "src/runner-images/hooks");
        var options = new SimulatorOptions
        {
            DiagDirectory = Path.Combine(_folder.Path, "_diag"),
            RunnerName = "sim",
            Seed = 1,
            Speed = 1000,
            Jobs = Jobs,
            StartedHook = Path.Combine(scripts, "job-started.sh"),
            CompletedHook = Path.Combine(scripts, "job-completed.sh"),
            HookFolder = Hooks,
            HookEnvironment = new() { ["RUNNER_METRICS_HOOK_TRACEPARENT"] = "true" },
            OnStepVariables = onStepVariables,
        };
        await new SimulatedRunner(options, TimeProvider.System) { OnJobFinished = did.Add }.RunAsync(Cancelled);
        return did;
    }

    private AgentOptions Options(Uri collector) => new()
    {
        Diag = Path.Combine(_folder.Path, "_diag"),
        Spool = Path.Combine(_folder.Path, "spool"),
        Hooks = Hooks,
        RunnerName = "sim",
        RunnerType = "standard",
        Collector = collector,
        FlushTimeout = Patience.Limit,
    };

    private static async Task EndRunAsync(Uri http, SimulatedJob job)
    {
        var now = TimeProvider.System.GetUtcNow();
        var payload = new JsonObject
        {
            ["action"] = "completed",
            ["workflow_run"] = new JsonObject
            {
                ["id"] = job.RunId,
                ["run_attempt"] = job.RunAttempt,
                ["name"] = "CI",
                ["conclusion"] = "success",
                ["run_started_at"] = now.AddMinutes(-1).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                ["updated_at"] = now.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            },
            ["repository"] = new JsonObject { ["full_name"] = job.Repository, ["html_url"] = $"https://github.com/{job.Repository}" },
        };
        using var client = new PatientHttpClient { BaseAddress = http };
        using var content = new StringContent(payload.ToJsonString());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.Add("X-GitHub-Event", "workflow_run");
        content.Headers.Add("X-GitHub-Delivery", Guid.NewGuid().ToString());
        using var answer = await client.PostAsync(new Uri("/webhooks/github", UriKind.Relative), content, Cancelled);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }
}
