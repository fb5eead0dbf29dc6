using Grpc.Core;
using RunnerMetrics.Exporter.Tests.Support;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;
using State = RunnerMetrics.Contracts.V1.RunnerHeartbeat.Types.State;

namespace RunnerMetrics.Exporter.Tests.Collector;

public class BatchTests
{
    private const string R1 = "runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\"";

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task ReportEvents_BatchOfTheWrongSize_IsRefusedWhole(int size)
    {
        await using var exporter = await RunningExporter.StartAsync();
        var batch = AgentEvents.Batch(AgentEvents.Now, Enumerable.Range(0, size).Select(i => AgentEvents.Completed($"e{i}", $"j{i}")));

        var refusal = await Assert.ThrowsAsync<RpcException>(() => exporter.SendAsync(batch));

        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.Contains($"{size} events: send 1 to 1000", refusal.Message, StringComparison.Ordinal);
        await AssertRefusedAsync(exporter);
    }

    [Fact]
    public async Task ReportEvents_NoSentAt_IsRefusedWhole()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var batch = AgentEvents.Batch(AgentEvents.Now, AgentEvents.Completed("e", "j"));
        batch.SentAt = null;

        var refusal = await Assert.ThrowsAsync<RpcException>(() => exporter.SendAsync(batch));

        Assert.Equal(StatusCode.InvalidArgument, refusal.StatusCode);
        Assert.Contains("sent_at is missing", refusal.Message, StringComparison.Ordinal);
        await AssertRefusedAsync(exporter);
    }

    [Fact]
    public async Task ReportEvents_ThousandEvents_AreTakenAndAnsweredInOrder()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var results = await exporter.SendAsync([.. Enumerable.Range(0, 1000).Select(i => AgentEvents.Completed($"e{i}", $"j{i}"))]);

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"e{i}"), results.Select(result => result.EventId));
        Assert.Equal("1000", await exporter.SampleAsync($"github_runner_jobs_total{{{R1},status=\"success\"}}"));
        Assert.Equal("1000", await exporter.SampleAsync("runner_metrics_events_total{source=\"grpc\",outcome=\"accepted\"}"));
        Assert.Equal("1000", await exporter.SampleAsync("runner_metrics_ingest_lag_seconds_count"));
    }

    [Fact]
    public async Task ReportEvents_GoodAndBadTogether_AnswersEachInItsPlace()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var results = await exporter.SendAsync(
            AgentEvents.Heartbeat("1"),
            AgentEvents.Completed("2", "j", conclusion: (Conclusion)9),
            AgentEvents.Completed("3", "j"),
            AgentEvents.Completed("3", "j"),
            AgentEvents.Completed("4", ""),
            AgentEvents.Completed("5", "j"),
            AgentEvents.Completed("6", "j", conclusion: Conclusion.Failed),
            AgentEvents.Cache("7"));

        Assert.Equal(
            [Outcome.Accepted, Outcome.Unsupported, Outcome.Accepted, Outcome.Duplicate, Outcome.Rejected, Outcome.Duplicate, Outcome.Accepted, Outcome.Accepted],
            results.Select(result => result.Outcome));
        Assert.Equal(["1", "2", "3", "3", "4", "5", "6", "7"], results.Select(result => result.EventId));
        Assert.Equal("2", await exporter.SampleAsync("runner_metrics_events_total{source=\"grpc\",outcome=\"duplicate\"}"));
        Assert.Equal("1", await exporter.SampleAsync($"github_runner_jobs_total{{{R1},status=\"success\"}}"));
        Assert.Equal("1", await exporter.SampleAsync($"github_runner_job_corrections_total{{{R1},from=\"success\",to=\"failed\"}}"));
    }

    [Fact]
    public async Task ReportEvents_BatchSentAgain_CountsNothingTwice()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var batch = AgentEvents.Batch(AgentEvents.Now, AgentEvents.Started("1", "j"), AgentEvents.Completed("2", "j"), AgentEvents.Cache("3"));
        await exporter.SendAsync(batch);
        var before = await exporter.FleetTextAsync();

        var again = await exporter.SendAsync(batch);

        Assert.All(again.Results, result => Assert.Equal(Outcome.Duplicate, result.Outcome));
        Assert.Equal(before, await exporter.FleetTextAsync());
    }

    [Theory]
    [InlineData(3 * 3600)]
    [InlineData(-3 * 3600)]
    [InlineData(400 * 86400)]
    [InlineData(-400 * 86400)]
    public async Task ReportEvents_WholeBatchFromAWrongClock_IsShiftedAndCounted(int off)
    {
        await using var exporter = await RunningExporter.StartAsync();
        var heartbeat = AgentEvents.Heartbeat("1", off, state: State.Busy);
        heartbeat.Heartbeat.StartedAt = AgentEvents.At(off - 1000);
        var batch = AgentEvents.Batch(
            AgentEvents.Now.AddSeconds(off), heartbeat, AgentEvents.Completed("2", "j", off - 60, off), AgentEvents.Started("3", "k", off));

        var response = await exporter.SendAsync(batch);

        Assert.All(response.Results, result => Assert.Equal(Outcome.Accepted, result.Outcome));
        Assert.Equal("1", await exporter.SampleAsync("runner_metrics_skewed_batches_total"));
        Assert.Equal($"{-off}", await exporter.SampleAsync("runner_metrics_last_clock_skew_seconds"));
        Assert.Equal("60", await exporter.SampleAsync($"github_runner_job_duration_seconds_sum{{{R1},status=\"success\"}}"));
        Assert.Equal($"{AgentEvents.Now.ToUnixTimeSeconds()}", await exporter.SampleAsync($"github_runner_job_start_time_seconds{{{R1}}}"));
        Assert.Equal($"{AgentEvents.Now.ToUnixTimeSeconds()}", await exporter.SampleAsync($"github_runner_last_heartbeat_timestamp_seconds{{{R1}}}"));
    }

    [Theory]
    [InlineData(300)]
    [InlineData(-300)]
    public async Task ReportEvents_SkewWithinFiveMinutes_IsLeftAlone(int off)
    {
        await using var exporter = await RunningExporter.StartAsync();
        await exporter.SendAsync(AgentEvents.Batch(AgentEvents.Now.AddSeconds(off), AgentEvents.Heartbeat("0", off, state: State.Busy), AgentEvents.Started("1", "j", off)));

        Assert.Equal("0", await exporter.SampleAsync("runner_metrics_skewed_batches_total"));
        Assert.Null(await exporter.SampleAsync("runner_metrics_last_clock_skew_seconds"));
        Assert.Equal($"{AgentEvents.Now.ToUnixTimeSeconds() + off}", await exporter.SampleAsync($"github_runner_job_start_time_seconds{{{R1}}}"));
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.9Z")]
    public async Task ReportEvents_ClockAtTheEndOfTheCalendar_IsShiftedWithoutAnError(string clock)
    {
        await using var exporter = await RunningExporter.StartAsync();
        var sent = DateTimeOffset.Parse(clock, System.Globalization.CultureInfo.InvariantCulture);
        var batch = AgentEvents.Batch(sent, AgentEvents.Stopped("1").With(e => e.OccurredAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(sent)));

        Assert.Equal(Outcome.Accepted, Assert.Single((await exporter.SendAsync(batch)).Results).Outcome);
    }

    [Fact]
    public async Task ReportEvents_HostileButValidLabels_AreRenderedEscaped()
    {
        await using var exporter = await RunningExporter.StartAsync();
        await exporter.SendAsync(
            AgentEvents.Heartbeat("1", runner: AgentEvents.Runner("a\"} 1 fake{b=\"c\\")), AgentEvents.Heartbeat("2", runner: AgentEvents.Runner("跑步者 🏃")));

        Assert.Equal("1", await exporter.SampleAsync("""github_runner_status{runner_name="a\"} 1 fake{b=\"c\\",runner_type="standard",runner_scope="github.com/acme"}"""));
        Assert.Equal("1", await exporter.SampleAsync("""github_runner_status{runner_name="跑步者 🏃",runner_type="standard",runner_scope="github.com/acme"}"""));
    }

    private static async Task AssertRefusedAsync(RunningExporter exporter)
    {
        Assert.Equal("1", await exporter.SampleAsync("runner_metrics_batches_refused_total{reason=\"malformed\"}"));
        Assert.Equal("", await exporter.FleetTextAsync());
    }
}
