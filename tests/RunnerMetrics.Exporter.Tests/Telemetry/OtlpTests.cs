using Google.Protobuf.WellKnownTypes;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Telemetry;

/// <summary>The exporter's own telemetry, sent by its own process.</summary>
public class OtlpTests
{
    // Telemetry goes out many times a second: at its end the program has only seconds for what still waits, too few on a busy machine.
    private static readonly Dictionary<string, string> Often = new()
    {
        ["OTEL_BSP_SCHEDULE_DELAY"] = "50",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "50",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "50",
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task Process_EndpointInTheEnvironment_SendsTracesMetricsAndLogs(string protocol)
    {
        await using var sink = await OtlpSink.StartAsync(grpc: protocol == "grpc");
        using var folder = new TemporaryFolder();
        await using var exporter = ExporterProcess.Start(
            new Dictionary<string, string>(Often)
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Url,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol,
                ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=testing",
            },
            "--http-port", "0", "--grpc-port", "0", "--data", folder.Path);
        var (http, grpc) = await exporter.ReadyAsync();
        using var channel = CollectorCalls.Open(grpc);
        var now = TimeProvider.System.GetUtcNow();
        await channel.ReportAsync(AgentEvents.Batch(now, AgentEvents.Cache("c").With(cache => cache.OccurredAt = Timestamp.FromDateTimeOffset(now))));
        using var client = new PatientHttpClient();
        client.DefaultRequestHeaders.Add("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        await client.GetStringAsync(new Uri(http, "/metrics"), Cancelled);
        client.DefaultRequestHeaders.Clear();
        await client.GetStringAsync(new Uri(http, "/ready"), Cancelled);

        await Wait.UntilAsync(() => sink.Has("logs", "Ready: metrics at"), "the log has arrived");
        await Wait.UntilAsync(() => sink.Has("trace", "ingest") && sink.Has("trace", "journal commit") && sink.Has("trace", "GET /metrics"), "every span has arrived");
        await Wait.UntilAsync(
            () => sink.Has("metrics", "runner_metrics.journal.commit.duration") && sink.Has("metrics", "dotnet.process.memory.working_set"), "every metric has arrived");
        await exporter.SignalAsync("TERM");
        var (exitCode, _, errors) = await exporter.EndAsync();

        Assert.True(exitCode == 0, errors);
        Assert.True(sink.Has("trace", "runner-metrics-exporter") && sink.Has("trace", "testing"), "The resource is not named.");
        Assert.False(sink.Has("trace", "GET /ready"), "A probe made a trace.");
    }

    // As Aspire sets it for what it runs: spans are taken though what they are within is not.
    [Fact]
    public async Task Process_SamplerThatTakesEverything_HasNoTracesOfHeartbeatsAndScrapes()
    {
        await using var sink = await OtlpSink.StartAsync();
        using var folder = new TemporaryFolder();
        await using var exporter = ExporterProcess.Start(
            new Dictionary<string, string>(Often) { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Url, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_TRACES_SAMPLER"] = "always_on" },
            "--http-port", "0", "--grpc-port", "0", "--data", folder.Path);
        var (http, grpc) = await exporter.ReadyAsync();
        using var channel = CollectorCalls.Open(grpc);
        await channel.ReportAsync(AgentEvents.Batch(TimeProvider.System.GetUtcNow(), AgentEvents.Heartbeat("h")));
        await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Cancelled);
        using var client = new PatientHttpClient();
        foreach (var path in (string[])["/metrics", "/health", "/ready", "/"])
        {
            await client.GetStringAsync(new Uri(http, path), Cancelled);
        }

        await Wait.UntilAsync(() => sink.Has("trace", "GET /"), "the trace of a person's request has arrived");
        await exporter.SignalAsync("TERM");
        var (exitCode, _, errors) = await exporter.EndAsync();

        Assert.True(exitCode == 0, errors);
        Assert.All((string[])["ingest", "journal commit", "scrape", "ReportEvents", "GET /metrics", "GET /health", "GET /ready", "Health/Check"], name => Assert.False(sink.Has("trace", name), name));
    }

    // It waits for its collector for seconds, which a busy machine can exceed: then it is run again.
    [Fact]
    public async Task Process_ToldToEnd_SendsWhatWaits()
    {
        const string Never = "600000";
        await Wait.UntilAsync(
            async () =>
            {
                await using var sink = await OtlpSink.StartAsync();
                using var folder = new TemporaryFolder();
                await using var exporter = ExporterProcess.Start(
                    new Dictionary<string, string>
                    {
                        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Url,
                        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                        ["OTEL_BSP_SCHEDULE_DELAY"] = Never,
                        ["OTEL_BLRP_SCHEDULE_DELAY"] = Never,
                        ["OTEL_METRIC_EXPORT_INTERVAL"] = Never,
                    },
                    "--http-port", "0", "--grpc-port", "0", "--data", folder.Path);
                var (_, grpc) = await exporter.ReadyAsync();
                using var channel = CollectorCalls.Open(grpc);
                var now = TimeProvider.System.GetUtcNow();
                await channel.ReportAsync(AgentEvents.Batch(now, AgentEvents.Cache("c").With(cache => cache.OccurredAt = Timestamp.FromDateTimeOffset(now))));
                await exporter.SignalAsync("TERM");
                var (exitCode, _, errors) = await exporter.EndAsync();
                Assert.True(exitCode == 0, errors);
                return sink.Has("trace", "ingest") && sink.Has("metrics", "runner_metrics.journal.commit.duration") && sink.Has("logs", "Ready: metrics at");
            },
            "what waits is sent at the end");
    }

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public async Task Process_CollectorAway_EndsAllTheSame_AndSaysNothingOfIt(string protocol)
    {
        using var folder = new TemporaryFolder();
        await using var exporter = ExporterProcess.Start(
            new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1", ["OTEL_EXPORTER_OTLP_PROTOCOL"] = protocol, ["OTEL_BSP_SCHEDULE_DELAY"] = "50" },
            "--http-port", "0", "--grpc-port", "0", "--data", folder.Path);
        var (_, grpc) = await exporter.ReadyAsync();
        using var channel = CollectorCalls.Open(grpc);
        await channel.ReportAsync(AgentEvents.Batch(TimeProvider.System.GetUtcNow(), AgentEvents.Heartbeat("h")));

        await exporter.SignalAsync("TERM");
        var (exitCode, output, errors) = await exporter.EndAsync();

        Assert.Equal(0, exitCode);
        Assert.Empty(errors);
        Assert.DoesNotContain("Polly", output, StringComparison.Ordinal);
        Assert.DoesNotContain("System.Net.Http", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_NoEndpoint_HasNothingOfOpenTelemetry()
    {
        await using var app = ExporterApplication.Build(new ExporterOptions { HttpPort = 0, GrpcPort = 0 });

        Assert.Null(app.Services.GetService<TracerProvider>());
        Assert.Null(app.Services.GetService<MeterProvider>());
        Assert.DoesNotContain(app.Services.GetServices<ILoggerProvider>(), provider => provider is OpenTelemetryLoggerProvider);
        Assert.DoesNotContain(app.Services.GetServices<IHostedService>(), service => service.GetType().FullName!.Contains("OpenTelemetry", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("collector:4317")]
    [InlineData("127.0.0.1")]
    public async Task Process_EndpointIsNoAddress_SaysWhatWouldBe(string endpoint)
    {
        await using var exporter = ExporterProcess.Start(new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint }, "--http-port", "0", "--grpc-port", "0");
        var run = await exporter.EndAsync();

        Assert.Equal(2, run.ExitCode);
        Assert.Equal("OTEL_EXPORTER_OTLP_ENDPOINT is not an address of a collector: give one such as http://127.0.0.1:4317, or leave it out", run.ErrorLines[0]);
    }
}
