using System.Globalization;
using Grpc.Net.Client;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Commits;

/// <summary>The exporter's own process, killed again and again while it is sent to.</summary>
public sealed class CrashTests : IDisposable
{
    private const int JobsPerKill = 12;

    private static readonly int Kills = LongProof.Of(slice: 25, whole: 100);

    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new(20_261_121);
    private TaskCompletionSource<GrpcChannel> _channel = NewChannel();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Killed_AgainAndAgain_CountsEveryAcknowledgedJobExactlyOnce()
    {
        JobSender[] senders = [.. Enumerable.Range(0, 6).Select(i => new JobSender(string.Create(CultureInfo.InvariantCulture, $"s{i}"), hasSequence: i % 2 == 0, seed: i))];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(RunningExporter.Cancelled);
        var running = senders.Select(sender => Task.Run(() => sender.RunAsync(() => Volatile.Read(ref _channel).Task, stop.Token))).ToArray();
        for (var kill = 1; kill <= Kills; kill++)
        {
            Array.ForEach(senders, sender => sender.Allowed = kill * JobsPerKill);
            await RunAndKillAsync(senders);
        }

        await using var last = Start();
        var (http, grpc) = await last.ReadyAsync();
        using var channel = CollectorCalls.Open(grpc);
        _channel.SetResult(channel);
        await Wait.UntilAsync(() => Task.FromResult(senders.All(sender => sender.IsDone)), "all jobs are sent");
        await stop.CancelAsync();
        await Task.WhenAll(running);

        using var client = new PatientHttpClient();
        var text = await client.GetStringAsync(new Uri(http, "/metrics"), RunningExporter.Cancelled);
        SingleJobs.AssertCountedOnce(text, senders);
        SingleJobs.AssertInHistoryOnce(_folder.Path, senders);
        Assert.All(senders, sender => Assert.InRange(sender.Acknowledged.Count, JobsPerKill * Kills / 2, int.MaxValue));
    }

    // Most are killed while they are sent to, some while they start, some while they write the snapshot of a clean stop.
    private async Task RunAndKillAsync(JobSender[] senders)
    {
        await using var exporter = Start();
        var way = _random.Next(10);
        if (way == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(400)), RunningExporter.Cancelled);
            await exporter.KillAsync();
            return;
        }

        var (_, grpc) = await exporter.ReadyAsync();
        using var channel = CollectorCalls.Open(grpc);
        _channel.SetResult(channel);
        var answers = senders.Sum(sender => sender.Answers) + _random.Next(60);
        await Wait.UntilAsync(() => Task.FromResult(senders.Sum(sender => sender.Answers) >= answers), "the exporter answers");
        if (way == 1)
        {
            await exporter.SignalAsync("TERM");
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(150)), RunningExporter.Cancelled);
        }

        Volatile.Write(ref _channel, NewChannel());
        await exporter.KillAsync();
    }

    private RunningProgram Start() => ExporterProcess.Start("--http-port", "0", "--grpc-port", "0", "--data", _folder.Path);

    private static TaskCompletionSource<GrpcChannel> NewChannel() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
