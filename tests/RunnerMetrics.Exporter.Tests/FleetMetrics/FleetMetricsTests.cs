using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Exporter.FleetMetrics;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Exporter.Tests.Telemetry;
using RunnerMetrics.Metrics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.FleetMetrics;

/// <summary>The fleet's metrics as a collector receives them, and collectors that refuse, stall, or take a part of them.</summary>
public sealed class FleetMetricsTests : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(60), Timeout = TimeSpan.FromDays(1);

    private readonly MetricRegistry _own = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly RecordedLog _log = new();
    private OtlpSink? _sink;
    private FleetMetricsService? _service;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private OtlpSink Sink => _sink!;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Export_OfAFleetWithEverything_IsWhatTheConventionsSay(bool grpc)
    {
        using var fleet = ScriptedFleet.Play();
        await StartAsync(fleet, grpc);
        await ExportAsync(1);

        var request = OtlpJson.Metrics(Requests().Single());
        foreach (var point in request["resourceMetrics"]![0]!["scopeMetrics"]![0]!["metrics"]!.AsArray().SelectMany(metric => (metric!["sum"] ?? metric["histogram"])!["dataPoints"]!.AsArray()))
        {
            Assert.Equal($"{_clock.GetUtcNow().ToUnixTimeMilliseconds()}000000", (string)point!["timeUnixNano"]!);
            point["timeUnixNano"] = "now";
        }

        Golden.Matches("fleet-metrics.json", OtlpJson.Text(request));
    }

    [Fact]
    public async Task Export_IsWhatMetricsSayAtThatMoment()
    {
        using var fleet = ScriptedFleet.Play();
        await StartAsync(fleet);
        await ExportAsync(1);

        var (sent, scraped) = (OtlpPoints.In(Requests()), Scraped.Of(fleet.Text()));
        foreach (var type in (string[])["standard", "chrome"])
        {
            var ofType = $"runner_metrics.runner.type={type}";
            Assert.Equal(States(type, "idle"), sent.Sum("cicd.worker.count", "cicd.worker.state=available", ofType));
            Assert.Equal(States(type, "busy"), sent.Sum("cicd.worker.count", "cicd.worker.state=busy", ofType));
            Assert.Equal(States(type, "offline", "disconnected", "refused"), sent.Sum("cicd.worker.count", "cicd.worker.state=offline", ofType));
            foreach (var reason in (string[])["setup", "runner"])
            {
                Assert.Equal(
                    scraped.SumWhere(sample => sample.StartsWith("github_runner_job_failures_total{", StringComparison.Ordinal) && Has(sample, "runner_type", type) && Has(sample, "reason", reason)),
                    sent.Sum("cicd.system.errors", $"error.type={reason}", "cicd.system.component=runner", ofType));
            }

            Assert.Equal(
                scraped.SumWhere(sample => sample.StartsWith("github_runner_jobs_total{", StringComparison.Ordinal) && Has(sample, "runner_type", type) && Has(sample, "status", "lost")),
                sent.Sum("cicd.system.errors", "error.type=lost", ofType));
        }

        foreach (var workflow in (string[])["CI", "Deploy"])
        {
            Assert.Equal(Jobs(workflow, "failed"), sent.Sum("cicd.pipeline.run.errors", $"cicd.pipeline.name={workflow}", "error.type=failure"));
            Assert.Equal(Jobs(workflow, "lost"), sent.Sum("cicd.pipeline.run.errors", $"cicd.pipeline.name={workflow}", "error.type=lost"));
        }

        Assert.Equal((5, 1), (Jobs("CI", "failed"), Jobs("CI", "lost")));
        (string, string[])[] results =
        [
            ("success", ["success", "neutral"]), ("failure", ["failure"]), ("error", ["startup_failure", "stale"]), ("timeout", ["timed_out"]), ("cancellation", ["cancelled"]),
        ];
        foreach (var (result, conclusions) in results)
        {
            var (count, sum, buckets) = sent.Histogram("cicd.pipeline.run.duration", $"cicd.pipeline.result={result}");
            Assert.Equal(conclusions.Sum(conclusion => Runs("_count", conclusion)), count);
            Assert.Equal(conclusions.Sum(conclusion => Runs("_sum", conclusion)), sum);
            Assert.Equal(conclusions.Sum(conclusion => Runs("_bucket", conclusion, "le=\"40.0\"")), buckets.Take(3).Sum());
            Assert.Equal(count, buckets.Sum());
        }

        // Of three jobs that wait two are of one run; a run whose first job has ended executes, as does one whose job runs.
        Assert.Equal(3, scraped.Sum("github_workflow_jobs_queued"));
        Assert.Equal(1, sent.Sum("cicd.pipeline.run.active", "cicd.pipeline.run.state=pending"));
        Assert.Equal(2, sent.Sum("cicd.pipeline.run.active", "cicd.pipeline.run.state=executing"));

        double States(string type, params string[] states) => states.Sum(state => scraped[$"github_runners{{runner_type=\"{type}\",state=\"{state}\"}}"] ?? 0);
        double Jobs(string workflow, string status) => scraped[$"github_workflow_jobs_total{{repository=\"acme/shop\",workflow=\"{workflow}\",status=\"{status}\"}}"] ?? 0;
        double Runs(string part, string conclusion, string more = "") =>
            scraped[$"github_workflow_run_duration_seconds{part}{{repository=\"acme/shop\",workflow=\"CI\",conclusion=\"{conclusion}\"{(more.Length > 0 ? "," : "")}{more}}}"] ?? 0;
        static bool Has(string sample, string label, string value) => sample.Contains($"{label}=\"{value}\"", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_KeepsStartTimesAndValues()
    {
        using var fleet = ScriptedFleet.Play();
        await StartAsync(fleet);
        await ExportAsync(1);
        await _service!.StopAsync(Cancelled);
        var before = OtlpPoints.In(Requests()[^1]);

        fleet.Restart();
        using var registry = new MetricRegistry();
        using var second = new FleetMetricsService(fleet.Fleet, registry, Options(grpc: false), _clock, NullLogger<FleetMetricsService>.Instance);
        await second.StartAsync(Cancelled);
        await Wait.UntilAsync(() => _clock.Waiting > 0, "the service waits for its interval");
        var told = Requests().Length;
        await second.StopAsync(Cancelled); // the last export

        Assert.Equal(told + 1, Requests().Length);
        Assert.Equal(before.Texts, OtlpPoints.In(Requests()[^1]).Texts);
        Assert.Equal([$"{AgentEvents.Now.AddHours(-2).ToUnixTimeSeconds()}000000000"], before.Starts);
    }

    [Fact]
    public async Task NothingMeasured_SendsNothing()
    {
        using var fleet = new WebhookFleet();
        fleet.Fleet.Apply(new TimeObserved("noted", AgentEvents.Now, TimeSpan.Zero));
        await StartAsync(fleet);
        await PassUntilAsync(() => Exports("ok") > 0, "an export that has nothing to say");
        await _service!.StopAsync(Cancelled);

        Assert.Equal(0, Sink.Count("metrics"));
    }

    // Without webhooks there is no word on runs, and without agents none on runners.
    [Fact]
    public async Task OnlyAgents_NoRunsAndNoPendingOnes()
    {
        using var fleet = new WebhookFleet();
        fleet.Fleet.Apply(new TimeObserved("noted", AgentEvents.Now, TimeSpan.Zero));
        fleet.Take(AgentEvents.Heartbeat("h"));
        fleet.Take(AgentEvents.Completed("c", "job"));
        await StartAsync(fleet);
        await ExportAsync(1);

        var text = Encoding.Latin1.GetString(Requests().Single());
        Assert.DoesNotContain("cicd.pipeline.run.duration", text, StringComparison.Ordinal);
        Assert.DoesNotContain("pending", text, StringComparison.Ordinal);
        Assert.Contains("executing", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refused_IsToldOnce_AndTheNextExportHasEverything(bool grpc)
    {
        using var fleet = ScriptedFleet.Play();
        await StartAsync(fleet, grpc);
        Sink.Status = 503;
        await PassUntilAsync(() => Exports("failed") >= 2, "two exports are refused");
        fleet.Take(AgentEvents.Completed("more", "more", conclusion: Contracts.V1.JobCompleted.Types.Conclusion.Failed));
        Sink.Status = 200;
        await PassUntilAsync(() => Exports("ok") == 1, "one is taken");

        Assert.Equal(6, OtlpPoints.In(Requests()[^1]).Sum("cicd.pipeline.run.errors", "error.type=failure"));
        Assert.StartsWith(
            $"The OTLP collector does not take all of the fleet's metrics: {(grpc ? "gRPC status 14. not now" : "Response status code does not indicate success: 503")}", Assert.Single(_log.Lines),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unreachable_IsCounted()
    {
        using var fleet = ScriptedFleet.Play();
        _sink = await OtlpSink.StartAsync(grpc: true);
        await StartAsync(fleet, options: Options(grpc: true) with { Endpoint = new Uri("http://127.0.0.1:1") });
        await PassUntilAsync(() => Exports("failed") >= 2, "exports fail");
        Assert.Single(_log.Lines);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stalled_EndsAfterTheTimeout_AndTheEndDoesNotWait(bool grpc)
    {
        using var fleet = ScriptedFleet.Play();
        _sink = await OtlpSink.StartAsync(grpc);
        Sink.Stalls = true;
        await StartAsync(fleet, grpc, Options(grpc) with { Timeout = TimeSpan.FromSeconds(10) });
        await PassUntilAsync(() => Exports("failed") >= 1, "an export ends by its time-out");
        Assert.EndsWith("it did not answer in time. Each export has everything that was counted, so what it takes later is complete", Assert.Single(_log.Lines), StringComparison.Ordinal);

        var end = _service!.StopAsync(Cancelled); // by its own bound: the test's token does not end it
        await PassUntilAsync(() => end.IsCompleted, "the end does not wait for the collector");
        await end;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PartialSuccess_IsCountedAndToldOnce(bool grpc)
    {
        using var fleet = ScriptedFleet.Play();
        await StartAsync(fleet, grpc);
        Sink.Answer = [0x0a, 0x02, 0x08, 0x03]; // partial_success { rejected_data_points: 3 }
        await PassUntilAsync(() => Exports("rejected") >= 2, "two exports are taken in part");

        Assert.Contains("it rejected 3 data points", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.Equal(0, Exports("failed"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            var end = _service.StopAsync(CancellationToken.None);
            await PassUntilAsync(() => end.IsCompleted, "the service ends");
            _service.Dispose();
        }

        if (_sink is not null)
        {
            await _sink.DisposeAsync();
        }

        _own.Dispose();
        _log.Dispose();
    }

    private double Exports(string outcome) => Scraped.From(_own)[$"runner_metrics_fleet_exports_total{{outcome=\"{outcome}\"}}"] ?? 0;

    private byte[][] Requests() => [.. Sink.Bodies("metrics").Select(body => Sink.IsGrpc ? body[5..] : body)];

    private FleetMetricsOptions Options(bool grpc) => new(new Uri(grpc ? Sink.Url : Sink.Url + "/v1/metrics"), grpc, Interval, Timeout);

    private async Task StartAsync(WebhookFleet fleet, bool grpc = false, FleetMetricsOptions? options = null)
    {
        _sink ??= await OtlpSink.StartAsync(grpc);
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(_log));
        _service = new FleetMetricsService(fleet.Fleet, _own, options ?? Options(grpc), _clock, logging.CreateLogger<FleetMetricsService>());
        await _service.StartAsync(Cancelled);
    }

    // One interval, once somebody waits for it, is one export.
    private async Task ExportAsync(int exports)
    {
        await Wait.UntilAsync(() => _clock.Waiting > 0, "the service waits for its interval");
        _clock.Advance(Interval);
        await Wait.UntilAsync(() => Exports("ok") >= exports, "an export is taken");
    }

    private Task PassUntilAsync(Func<bool> isTrue, string what) => Wait.UntilAsync(() =>
    {
        if (!isTrue())
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        return isTrue();
    }, what);
}
