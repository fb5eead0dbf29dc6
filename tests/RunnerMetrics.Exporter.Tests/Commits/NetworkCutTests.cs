using Grpc.Core;
using Grpc.Net.Client;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Exporter.Tests.Commits;

public sealed class NetworkCutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Network_DropsDelaysAndCutsInMidCall_CountsEveryJobOnce(int seed)
    {
        JobSender[] senders = [.. Enumerable.Range(0, 6).Select(i => new JobSender($"s{i}", hasSequence: i % 2 == 0, seed: (10 * seed) + i) { Allowed = 400 })];
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { DataDirectory = _folder.Path });
        await using var proxy = new CuttingProxy(exporter.Grpc, seed);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(RunningExporter.Cancelled);

        // A channel a sender: what cuts one call leaves the others alone.
        using var channels = new Channels(proxy.Address, senders.Length);
        var running = senders.Select((sender, i) => Task.Run(() => sender.RunAsync(() => Task.FromResult(channels[i]), stop.Token))).ToArray();
        await Wait.UntilAsync(
            () => Task.FromResult((senders.All(sender => sender.IsDone) && proxy.Cuts > 20) || running.Any(sender => sender.IsFaulted)),
            () => $"{proxy.Cuts} calls were cut. {string.Join("; ", senders.Select(sender => $"{sender.Name}: {sender.Sent.Count} jobs sent, {sender.Answers} answers, last failure: {sender.LastFailure}"))}",
            RunningExporter.Cancelled);
        proxy.IsGood = true;
        await stop.CancelAsync();
        await Task.WhenAll(running);

        SingleJobs.AssertCountedOnce(await exporter.ScrapeAsync(), senders);
        SingleJobs.AssertInHistoryOnce(_folder.Path, senders);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Network_DuplicatesAndReordersBatches_CountsEveryJobOnce(int seed)
    {
        var random = new Random(seed);
        var sender = new JobSender("s", hasSequence: seed % 2 == 0, seed);
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { DataDirectory = _folder.Path });
        using var channel = exporter.Channel();
        int[][] batches = [.. Enumerable.Range(0, 2000).Chunk(20)];
        var deliveries = batches.Concat(batches).Concat(batches.Where(_ => random.Next(2) == 0)).OrderBy(_ => random.Next()).ToArray();
        foreach (var together in deliveries.Chunk(16))
        {
            // A sender of its own for each, because one does not send two batches at once.
            var answers = await Task.WhenAll(together.Select(async jobs =>
            {
                var one = new JobSender(sender.Name, hasSequence: seed % 2 == 0, seed);
                await Wait.UntilAsync(() => one.TrySendAsync(channel, jobs), "the batch is taken");
                return one;
            }));
            Array.ForEach(answers, one => sender.Acknowledged.UnionWith(one.Acknowledged));
            Array.ForEach(answers, one => sender.Sent.UnionWith(one.Sent));
        }

        Assert.Equal(2000, sender.Acknowledged.Count);
        SingleJobs.AssertCountedOnce(await exporter.ScrapeAsync(), [sender]);
        SingleJobs.AssertInHistoryOnce(_folder.Path, [sender]);
    }

    [Fact]
    public async Task Network_DownForADay_LosesNothingAndCondemnsNoJob()
    {
        const string R1 = "runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\"";
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { DataDirectory = _folder.Path });
        await using var proxy = new CuttingProxy(exporter.Grpc, 1) { IsGood = true };
        using var channel = CollectorCalls.Open(proxy.Address);
        await exporter.SendAsync(AgentEvents.Batch(AgentEvents.Now, AgentEvents.Heartbeat("h"), AgentEvents.Started("s", "before", 0)), channel);
        proxy.PullTheCable();
        await Assert.ThrowsAsync<RpcException>(() => exporter.SendAsync(AgentEvents.Batch(AgentEvents.Now, AgentEvents.Heartbeat("x")), channel));

        exporter.Clock.Advance(TimeSpan.FromDays(1));
        await exporter.PassTimeUntilAsync($"github_runner_status{{{R1}}}", "0");
        Assert.Equal("1", await exporter.SampleAsync($"github_runner_jobs_unresolved{{{R1}}}"));

        // The agent sends what it kept, in order, and every batch twice.
        proxy.PlugItIn();
        using var again = CollectorCalls.Open(proxy.Address);
        List<Event> kept = [AgentEvents.Completed("c", "before", 0, 600)];
        kept.AddRange(Enumerable.Range(0, 1000).Select(i => AgentEvents.Completed($"e{i}", $"j{i}", 600 + (80 * i), 660 + (80 * i))));
        foreach (var events in kept.Chunk(100))
        {
            foreach (var expected in new[] { Outcome.Accepted, Outcome.Duplicate })
            {
                var response = await exporter.SendAsync(AgentEvents.Batch(exporter.Clock.GetUtcNow(), events), again);
                Assert.All(response.Results, result => Assert.Equal(expected, result.Outcome));
            }
        }

        await exporter.SendAsync(AgentEvents.Batch(exporter.Clock.GetUtcNow(), AgentEvents.Heartbeat("back", 86_400)), again);
        Assert.Equal("1", await exporter.SampleAsync($"github_runner_status{{{R1}}}"));
        Assert.Equal("0", await exporter.SampleAsync($"github_runner_jobs_unresolved{{{R1}}}"));
        Assert.Equal("1001", await exporter.SampleAsync($"github_runner_jobs_total{{{R1},status=\"success\"}}"));
        Assert.Equal("0", await exporter.SampleAsync($"github_runner_jobs_total{{{R1},status=\"lost\"}}"));
        Assert.Equal("1001", await exporter.SampleAsync($"github_runner_job_duration_seconds_count{{{R1},status=\"success\"}}"));
    }

    private sealed class Channels(Uri address, int count) : IDisposable
    {
        private readonly GrpcChannel[] _all = [.. Enumerable.Range(0, count).Select(_ => CollectorCalls.Open(address))];

        public GrpcChannel this[int index] => _all[index];

        public void Dispose() => Array.ForEach(_all, channel => channel.Dispose());
    }
}
