using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;
using State = RunnerMetrics.Contracts.V1.RunnerHeartbeat.Types.State;

namespace RunnerMetrics.Exporter.Tests.Commits;

public sealed class RestartTests : IDisposable
{
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ExporterOptions Options => new() { DataDirectory = _folder.Path };

    [Fact]
    public async Task CleanStop_AtOneInstant_GivesTheSameTextByteForByte()
    {
        var exporter = await RunningExporter.StartAsync(Options);
        await exporter.SendAsync(Life());
        await exporter.SendAsync(AgentEvents.Heartbeat("h2", runner: AgentEvents.Runner("r2")), AgentEvents.Heartbeat("h3", runner: Ephemeral("e1")));
        exporter.Clock.Advance(TimeSpan.FromSeconds(20));
        await exporter.SendAsync(AgentEvents.Heartbeat("h4", 20, state: State.Busy));
        await exporter.PassTimeUntilAsync("github_runner_status{runner_name=\"r2\",runner_type=\"standard\",runner_scope=\"github.com/acme\"}", "0");
        var (text, openMetrics) = (await exporter.FleetTextAsync(), await FleetOpenMetricsAsync(exporter));
        var clock = exporter.Clock;
        await exporter.DisposeAsync();

        await using var again = await RunningExporter.StartAsync(Options, clock);

        Assert.Equal(text, await again.FleetTextAsync());
        Assert.Equal(openMetrics, await FleetOpenMetricsAsync(again));
        Assert.Contains("# {repository=\"acme/shop\"", openMetrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_GivesTheSameCountersHistogramsAndExemplars()
    {
        string[] arguments = ["--http-port", "0", "--grpc-port", "0", "--data", _folder.Path];
        string before;
        await using (var exporter = ExporterProcess.Start(arguments))
        {
            var (http, grpc) = await exporter.ReadyAsync();
            using var channel = CollectorCalls.Open(grpc);
            await channel.ReportAsync(AgentEvents.Batch(AgentEvents.Now, Life()));
            before = await CountsAsync(http);
            await exporter.KillAsync();
        }

        await using var again = ExporterProcess.Start(arguments);
        var (address, _) = await again.ReadyAsync();
        Assert.Equal(before, await CountsAsync(address));
        Assert.Contains("# {repository=\"acme/shop\"", before, StringComparison.Ordinal);
    }

    // What a runner last reported to do is shown, before it reports again and though it never may be.
    [Theory]
    [InlineData(State.Idle, State.Disconnected, "0", "0")]
    [InlineData(State.Disconnected, State.Idle, "1", "0")]
    [InlineData(State.Idle, State.Busy, "1", "1")]
    [InlineData(State.Busy, State.Idle, "1", "0")]
    public async Task Killed_AfterAHeartbeatThatChangedTheState_ShowsThatState(State first, State then, string status, string busy)
    {
        string[] arguments = ["--http-port", "0", "--grpc-port", "0", "--data", _folder.Path];
        await using (var exporter = ExporterProcess.Start(arguments))
        {
            var (_, grpc) = await exporter.ReadyAsync();
            using var channel = CollectorCalls.Open(grpc);
            foreach (var (at, state) in ((int, State)[])[(0, first), (10, first), (20, then), (30, then)])
            {
                await channel.ReportAsync(AgentEvents.Batch(AgentEvents.Now, AgentEvents.Heartbeat($"h{at}", at, state: state)));
            }

            await exporter.KillAsync();
        }

        await using var again = ExporterProcess.Start(arguments);
        var (http, _) = await again.ReadyAsync();
        using var client = new PatientHttpClient();
        var text = await client.GetStringAsync(new Uri(http, "/metrics"), RunningExporter.Cancelled);
        Assert.Contains($"github_runner_status{{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\"}} {status}\n", text, StringComparison.Ordinal);
        Assert.Contains($"github_runner_busy{{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\"}} {busy}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DownForADay_CondemnsNobodyBeforeOneTimeOutAfterReady()
    {
        const string R1 = "{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\"}";
        var exporter = await RunningExporter.StartAsync(Options);
        await exporter.SendAsync(AgentEvents.Heartbeat("h", state: State.Busy), AgentEvents.Started("s", "j"));
        var clock = exporter.Clock;
        await exporter.DisposeAsync();
        clock.Advance(TimeSpan.FromDays(1));

        await using var again = await RunningExporter.StartAsync(Options, clock);
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal("1", await again.SampleAsync("github_runner_status" + R1));
        Assert.Equal("0", await again.SampleAsync("github_runner_jobs_total{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\",status=\"lost\"}"));

        // What the agent kept meanwhile comes in, as if nothing had been.
        var day = TimeSpan.FromDays(1).TotalSeconds;
        var results = (await again.SendAsync(AgentEvents.Batch(clock.GetUtcNow(), AgentEvents.Completed("c", "j", -60, 3600), AgentEvents.Heartbeat("h2", day + 29)))).Results;
        Assert.All(results, result => Assert.Equal(Outcome.Accepted, result.Outcome));
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal("1", await again.SampleAsync("github_runner_status" + R1));
        Assert.Equal("1", await again.SampleAsync("github_runner_jobs_total{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\",status=\"success\"}"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SentAgainAfterARestart_IsADuplicate(bool hasSequence)
    {
        var batch = AgentEvents.Batch(AgentEvents.Now, Life());
        if (hasSequence)
        {
            batch.SenderId = "spool-1";
            for (var i = 0; i < batch.Events.Count; i++)
            {
                batch.Events[i].Sequence = (ulong)i + 1;
            }
        }

        string before;
        await using (var exporter = await RunningExporter.StartAsync(Options))
        {
            await exporter.SendAsync(batch);
            before = await exporter.FleetTextAsync();
        }

        await using var again = await RunningExporter.StartAsync(Options);
        var results = (await again.SendAsync(batch)).Results;

        Assert.All(results.Skip(1), result => Assert.Equal(Outcome.Duplicate, result.Outcome));
        Assert.Equal(before, await again.FleetTextAsync());
    }

    // An agent that lost its spool and its checkpoint tells of the same jobs as another sender, with other ids.
    [Fact]
    public async Task ReadAgainByAnotherSenderAfterARestart_CountsNoJobTwice()
    {
        string before;
        await using (var exporter = await RunningExporter.StartAsync(Options))
        {
            await exporter.SendAsync(Life());
            before = await exporter.FleetTextAsync();
        }

        await using var again = await RunningExporter.StartAsync(Options);
        var batch = AgentEvents.Batch(AgentEvents.Now, Life().Where(e => e.PayloadCase is Event.PayloadOneofCase.JobStarted or Event.PayloadOneofCase.JobCompleted));
        batch.SenderId = "spool-2";
        for (var i = 0; i < batch.Events.Count; i++)
        {
            (batch.Events[i].EventId, batch.Events[i].Sequence) = ($"other-{i}", (ulong)i + 1);
        }

        await again.SendAsync(batch);

        Assert.Equal(before, await again.FleetTextAsync());
    }

    private static Event[] Life() =>
    [
        AgentEvents.Heartbeat("h1", state: State.Busy), AgentEvents.Started("1", "a"), AgentEvents.Completed("2", "a"), AgentEvents.Completed("3", "b", -700, -2, Conclusion.Failed),
        AgentEvents.Completed("4", "c", conclusion: Conclusion.Cancelled), AgentEvents.Completed("5", "c"), AgentEvents.Cache("6"), AgentEvents.Started("7", "d", -5),
        AgentEvents.Completed("8", "e", runner: AgentEvents.Runner("only-jobs")),
    ];

    private static Runner Ephemeral(string name)
    {
        var runner = AgentEvents.Runner(name);
        runner.Ephemeral = true;
        return runner;
    }

    private static async Task<string> FleetOpenMetricsAsync(RunningExporter exporter) =>
        string.Join('\n', (await exporter.ScrapeAsync(OpenMetrics)).Split('\n').Where(line => line.StartsWith("github_", StringComparison.Ordinal)));

    private static async Task<string> CountsAsync(Uri http)
    {
        using var client = new PatientHttpClient();
        client.DefaultRequestHeaders.Add("Accept", OpenMetrics);
        var text = await client.GetStringAsync(new Uri(http, "/metrics"), RunningExporter.Cancelled);
        string[] ends = ["_total", "_bucket", "_sum", "_count"];
        return string.Join('\n', text.Split('\n').Where(line =>
            line.StartsWith("github_", StringComparison.Ordinal) && ends.Any(end => line.Split('{')[0].EndsWith(end, StringComparison.Ordinal))));
    }
}
