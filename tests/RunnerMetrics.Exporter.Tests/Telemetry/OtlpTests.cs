using Grpc.Net.Client;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Telemetry;

/// <summary>The exporter's own telemetry, sent by its own process.</summary>
public class OtlpTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Process_EndpointInTheEnvironment_SendsTracesMetricsAndLogs()
    {
        await using var sink = await OtlpSink.StartAsync();
        using var folder = new TemporaryFolder();
        await using var exporter = ExporterProcess.Start(
            new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Url,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=testing",
            },
            "--http-port", "0", "--grpc-port", "0", "--data", folder.Path);
        var (http, grpc) = await exporter.ReadyAsync();
        using var channel = GrpcChannel.ForAddress(grpc);
        await channel.ReportAsync(Wire.Batch(TimeProvider.System.GetUtcNow(), Wire.Heartbeat("h")));
        using var client = new HttpClient();
        await client.GetStringAsync(new Uri(http, "/metrics"), Cancelled);

        // What waits is sent at the end.
        exporter.Terminate();
        var (exitCode, _, errors) = await exporter.EndAsync();

        Assert.True(exitCode == 0, string.Join('\n', errors));
        Assert.True(sink.Has("/v1/traces", "runner-metrics-exporter") && sink.Has("/v1/traces", "testing"), "The resource is not named.");
        Assert.True(sink.Has("/v1/traces", "ingest") && sink.Has("/v1/traces", "journal commit") && sink.Has("/v1/traces", "GET /metrics"), "A span is missing.");
        Assert.True(sink.Has("/v1/metrics", "runner_metrics.journal.commit.duration") && sink.Has("/v1/metrics", "dotnet.process.memory.working_set"), "A metric is missing.");
        Assert.True(sink.Has("/v1/logs", "Ready: metrics at"), "A log is missing.");
    }

    [Fact]
    public async Task Process_CollectorAway_EndsAsSoon()
    {
        using var folder = new TemporaryFolder();
        await using var exporter = ExporterProcess.Start(
            new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1" }, "--http-port", "0", "--grpc-port", "0", "--data", folder.Path);
        await exporter.ReadyAsync();

        exporter.Terminate();

        Assert.Equal(0, (await exporter.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Process_NoEndpoint_LoadsNothingOfOpenTelemetry()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process has loaded is read from /proc, which only Linux has.");
        await using var exporter = ExporterProcess.Start(new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "" }, "--http-port", "0", "--grpc-port", "0");
        await exporter.ReadyAsync();

        var loaded = await File.ReadAllTextAsync($"/proc/{exporter.Id}/maps", Cancelled);

        Assert.Contains("RunnerMetrics.Core.dll", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenTelemetry", loaded, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("collector:4317")]
    [InlineData("127.0.0.1")]
    public async Task Process_EndpointIsNoAddress_SaysWhatWouldBe(string endpoint)
    {
        await using var exporter = ExporterProcess.Start(new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint }, "--http-port", "0", "--grpc-port", "0");

        var (exitCode, _, errors) = await exporter.EndAsync();

        Assert.Equal(2, exitCode);
        Assert.Equal("OTEL_EXPORTER_OTLP_ENDPOINT is no address of a collector: give one such as http://127.0.0.1:4317, or leave it out", errors[0]);
    }
}
