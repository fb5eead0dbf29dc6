using OpenTelemetry.Exporter;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Exporter.Tests.Telemetry;
using RunnerMetrics.Exporter.Traces;
using RunnerMetrics.Testing;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;
using FailureReason = RunnerMetrics.Contracts.V1.JobCompleted.Types.FailureReason;

namespace RunnerMetrics.Exporter.Tests.Traces;

/// <summary>Whole traces as a collector receives them, in OTLP's JSON form: Expositions/traces-*.json.</summary>
public class GoldenTraceTests
{
    private const long Test = 26920038674, Lint = 26920038675, Build = 26920038676, BuildAgain = 26920040001;

    /// <summary>By when the collector has answered, in milliseconds.</summary>
    private static readonly int Patient = (int)Patience.Limit.TotalMilliseconds;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_OfThreeJobsInTwoAttempts(bool grpc)
    {
        using var fleet = new TracedFleet()
            .Hear(RunPayload.Job(Test, "test", -100, -90, -40, steps: [("Set up job", "success", -90, -88), ("Run tests", "success", -88, -42), ("Complete job", "success", -42, -40)]))
            .Hear(RunPayload.Job(Lint, "lint", -100, -80, -70, steps: [("Set up job", "success", -80, -79), ("Run npm ci", "success", -79, -75), ("Run npm ci", "success", -75, -71)]))
            .Hear(RunPayload.Job(Build, "build", -40, -39, -30, "failure", steps: [("Set up job", "success", -39, -38), ("Build", "failure", -38, -31), ("Upload", "skipped", -31, -31)]))
            .Hear(RunPayload.Run(-101, -29, "failure"))
            .Hear(RunPayload.Job(BuildAgain, "build", -20, -18, -5, attempt: 2, steps: [("Set up job", "success", -18, -17), ("Build", "success", -17, -6)]))
            .Hear(RunPayload.Run(-21, -4, attempt: 2));

        await IsAsync("traces-two-attempts.json", fleet, grpc);
    }

    [Fact]
    public async Task Run_OfAMatrix()
    {
        using var fleet = new TracedFleet()
            .Hear(RunPayload.Job(Test, "test (ubuntu, 22)", -100, -90, -40, steps: ("Run tests", "success", -88, -42)))
            .Hear(RunPayload.Job(Lint, "test (ubuntu, 24)", -100, -90, -50, steps: ("Run tests", "success", -88, -52)))
            .Hear(RunPayload.Run(-101, -39));

        await IsAsync("traces-matrix.json", fleet);
    }

    [Fact]
    public async Task Run_OfAReusableWorkflow()
    {
        using var fleet = new TracedFleet()
            .Hear(RunPayload.Job(Test, "deploy / check", -100, -90, -80, steps: ("Check", "success", -88, -81)))
            .Hear(RunPayload.Job(Lint, "deploy / push (production)", -80, -79, -50, steps: ("Push", "success", -78, -51)))
            .Hear(RunPayload.Job(Build, "deploy / notify", -50, -50, -50, "skipped"))
            .Hear(RunPayload.Run(-101, -49));

        await IsAsync("traces-reusable-workflow.json", fleet);
    }

    [Fact]
    public async Task Run_CancelledAndTimedOut()
    {
        using var fleet = new TracedFleet()
            .Hear(RunPayload.Job(Test, "slow", -100, -90, -40, "timed_out", steps: [("Set up job", "success", -90, -88), ("Wait", "cancelled", -88, -41)]))
            .Hear(RunPayload.Job(Lint, "stopped", -100, -90, -60, "cancelled", steps: [("Set up job", "success", -90, -88), ("Wait", "cancelled", -88, -61), ("After", "skipped", -60, -61)]))
            .Hear(RunPayload.Run(-101, -39, "cancelled"));

        await IsAsync("traces-cancelled-timed-out.json", fleet);
    }

    [Fact]
    public async Task Run_ThatOnlyAgentsTellOf()
    {
        using var fleet = new TracedFleet()
            .Hear(AgentEvents.Completed("a", "j1").With(wire => (wire.JobCompleted.StepsStartedAt, wire.JobCompleted.Job.CheckRunId) = (AgentEvents.At(-55), Test)))
            .Hear(AgentEvents.Completed("b", "j2", conclusion: Conclusion.Failed).With(wire => wire.JobCompleted.FailureReason = FailureReason.Setup));

        await IsAsync("traces-agents.json", fleet);
    }

    // The fields of .NET's that the ids go into: where a version of .NET names them otherwise, this says so, and docs/decisions/0010-runs-as-traces.md what then.
    [Fact]
    public async Task Send_IdsOfOnesOwn_AreThoseOnTheWire()
    {
        await using var sink = await OtlpSink.StartAsync();
        using var exporter = new RunTraceExporter(new OtlpExporterOptions { Endpoint = new Uri(sink.Url + "/v1/traces"), Protocol = OtlpExportProtocol.HttpProtobuf, TimeoutMilliseconds = Patient }, _ => { });
        var now = AgentEvents.Now;
        RunSpan[] spans =
        [
            new(TraceIds.TraceOf(RunPayload.RunId, 1), TraceIds.RunSpanOf(RunPayload.RunId, 1), "", "root", now, now.AddSeconds(1)),
            new(TraceIds.TraceOf(RunPayload.RunId, 1), TraceIds.JobSpanOf(Test), TraceIds.RunSpanOf(RunPayload.RunId, 1), "job", now, now),
        ];

        Assert.True(exporter.Send(spans));

        Assert.Equal(
            ["0bd0afbe17036e89e4a05c993dace1da >1497fe109b00d3c0", "0bd0afbe17036e89e4a05c993dace1da 1497fe109b00d3c0>55b9b8b34bb88fcf"],
            OtlpJson.SpansIn(sink.Bodies("trace")).Select(span => $"{span["traceId"]} {span["parentSpanId"]}>{span["spanId"]}"));
    }

    private static async Task IsAsync(string file, TracedFleet fleet, bool grpc = false)
    {
        await using var sink = await OtlpSink.StartAsync(grpc);
        var options = grpc
            ? new OtlpExporterOptions { Endpoint = new Uri(sink.Url), Protocol = OtlpExportProtocol.Grpc, TimeoutMilliseconds = Patient }
            : new OtlpExporterOptions { Endpoint = new Uri(sink.Url + "/v1/traces"), Protocol = OtlpExportProtocol.HttpProtobuf, TimeoutMilliseconds = Patient };
        using var exporter = new RunTraceExporter(options, rejected => Assert.Fail($"{rejected} spans are rejected."));

        Assert.True(exporter.Send(fleet.Spans));

        var request = Assert.Single(sink.Bodies("trace"));
        Golden.Matches(file, OtlpJson.Text(OtlpJson.Traces(grpc ? request[5..] : request)));
    }
}
