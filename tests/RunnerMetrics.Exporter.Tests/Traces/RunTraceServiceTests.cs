using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry.Exporter;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Exporter.Tests.Telemetry;
using RunnerMetrics.Exporter.Traces;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Traces;

/// <summary>A collector that refuses, stalls, or takes a part: nothing waits for it, what waits is bounded, and what is dropped is counted.</summary>
public sealed class RunTraceServiceTests : IAsyncDisposable
{
    private readonly MetricRegistry _registry = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly FleetState _fleet;
    private OtlpSink? _started;
    private RunTraceService? _service;

    public RunTraceServiceTests() => _fleet = new FleetState(_registry, new FleetOptions { TracesRuns = true });

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refused_IsTriedAgain_AndThenDroppedAndCounted()
    {
        await StartAsync();
        Sink.Status = 503;
        Tell(1);
        for (var tries = 1; tries < 5; tries++)
        {
            await Wait.UntilAsync(() => Sink.Count("trace") == tries, $"the request comes {tries} times");
            await PassUntilAsync(() => Sink.Count("trace") > tries);
        }

        await Wait.UntilAsync(() => Dropped == 1, "the span is counted as dropped");
        Sink.Status = 200;
        Tell(2);
        await Wait.UntilAsync(() => Sink.Count("trace") == 6, "the next one is sent");
        Assert.Equal(1, Dropped);
    }

    [Fact]
    public async Task RefusedOnce_IsTheSameWhenItIsTaken()
    {
        await StartAsync();
        Sink.Status = 503;
        Tell(1);
        await Wait.UntilAsync(() => Sink.Count("trace") == 1, "the request comes");
        Sink.Status = 200;
        await PassUntilAsync(() => Sink.Count("trace") == 2);

        Assert.Equal(0, Dropped);
        var spans = OtlpJson.SpansIn(Sink.Bodies("trace"));
        Assert.Equal(spans[0].ToJsonString(), spans[1].ToJsonString());
    }

    [Fact]
    public async Task Stalled_NothingWaits_AndWhatDoesIsBounded()
    {
        await StartAsync();
        Sink.Stalls = true;
        for (var run = 1; run <= 3000; run++)
        {
            Tell(run);
        }

        // At most 1,000 wait, and 50 are on their way.
        Assert.InRange(Dropped, 1950, 2000);
        await _service!.StopAsync(Cancelled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PartialSuccess_CountsWhatWasRejected(bool grpc)
    {
        await StartAsync(grpc);
        Sink.Answer = [0x0a, 0x02, 0x08, 0x01]; // partial_success { rejected_spans: 1 }
        Tell(1);
        await Wait.UntilAsync(() => Dropped == 1, "the rejected span is counted");
        Assert.Equal(1, Sink.Count("trace"));
    }

    [Theory]
    [InlineData(new byte[0], 0)]
    [InlineData(new byte[] { 0x0a, 0x00 }, 0)]
    [InlineData(new byte[] { 0x0a, 0x06, 0x08, 0x96, 0x01, 0x12, 0x01, 0x78 }, 150)]
    [InlineData(new byte[] { 0x0a, 0x7f, 0x08 }, 0)]
    [InlineData(new byte[] { 0x3c, 0x68, 0x74, 0x6d, 0x6c }, 0)]
    public void RejectedIn_AnAnswer_IsItsNumber(byte[] answer, long rejected) => Assert.Equal(rejected, PartialSuccess.RejectedIn(answer));

    public async ValueTask DisposeAsync()
    {
        if (_service is not null)
        {
            await _service.StopAsync(CancellationToken.None);
            _service.Dispose();
        }

        if (_started is not null)
        {
            await _started.DisposeAsync();
        }

        _registry.Dispose();
    }

    private OtlpSink Sink => _started!;

    private double Dropped => Scraped.From(_registry, ExpositionFormat.Text).Sum("runner_metrics_dropped_spans_total");

    private async Task StartAsync(bool grpc = false)
    {
        _started = await OtlpSink.StartAsync(grpc);
        _service = new RunTraceService(_fleet, _registry, new RunTraceOptions(TellsStarts: false, () => new OtlpExporterOptions
        {
            Endpoint = new Uri(grpc ? Sink.Url : Sink.Url + "/v1/traces"),
            Protocol = grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
            TimeoutMilliseconds = (int)Patience.Limit.TotalMilliseconds,
        }), _clock, NullLogger<RunTraceService>.Instance);
        await _service.StartAsync(Cancelled);
    }

    // One span.
    private void Tell(long run) => _fleet.Apply(new WorkflowRunEnded(
        $"run:{run}", AgentEvents.Now, "https://github.com", RepositoryName.Kept("acme/shop"), "CI", run, 1, AgentEvents.Now.AddSeconds(-10), "success", "main", Payload.Sha));

    private Task PassUntilAsync(Func<bool> isTrue) => Wait.UntilAsync(() =>
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return isTrue();
    }, "it is tried again");
}
