using System.Globalization;
using System.Text;
using Grpc.Net.Client;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Store;

/// <summary>
/// What a real exporter wrote, synced and answered, in three lives (killed, ended, killed), written down by strace. Then the power goes between any two of its system calls,
/// and of what was not synced any sectors are on the disk. Every job has a runner of its own, so that each can be seen by itself.
/// </summary>
public sealed class PowerCutTests : IDisposable
{
    private const int JobsALife = 14;

    private readonly TemporaryFolder _root = new();

    private string Data => Path.Combine(_root.Path, "data");

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task Cut_BetweenAnyTwoSystemCalls_LosesNothingAnsweredAndInventsNothing()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not here: apt-get install strace.");
        var calls = new SystemCalls();
        for (var life = 0; life < 3; life++)
        {
            calls.Read(await LiveAsync(life));
        }

        var (disk, answered, random, cuts) = (new CutDisk(), new HashSet<string>(), new Random(7), 0);
        foreach (var call in calls.Calls)
        {
            if (call.Name == "send")
            {
                answered.UnionWith(Jobs.Where(job => Encoding.Latin1.GetString(call.Bytes).Contains(IdOf(job), StringComparison.Ordinal)).Select(RunnerOf));
                continue;
            }

            disk.Do(call);
            if (random.NextDouble() < (LongProof.IsWhole ? 1 : 0.3))
            {
                await CutAsync(disk, answered, random, $"cut {++cuts}, behind {call.Name} of {Path.GetFileName(call.File)}");
            }
        }

        Assert.Equal(3 * JobsALife, answered.Count);
        Assert.InRange(cuts, 50, 5000);
    }

    private static IEnumerable<int> Jobs => Enumerable.Range(0, 3 * JobsALife);

    private async Task CutAsync(CutDisk disk, HashSet<string> answered, Random random, string when)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root.Path, "cut")).FullName;
        disk.Cut(folder, random);
        Dictionary<string, string> counted;
        await using (var rig = StoreRig.Start(folder))
        {
            counted = rig.Successes();
        }

        Directory.Delete(folder, recursive: true);
        Assert.True(answered.IsSubsetOf(counted.Keys), $"Lost, {when}: {string.Join(", ", answered.Except(counted.Keys))}");
        Assert.All(counted, runner => Assert.True(runner.Value == "1", $"Counted {runner.Value} times, {when}: {runner.Key}"));
        Assert.True(counted.Keys.All(Jobs.Select(RunnerOf).Contains), $"Never sent, {when}: {string.Join(", ", counted.Keys)}");
    }

    // Jobs one after another, and some two at once.
    private async Task<string[]> LiveAsync(int life)
    {
        var trace = Path.Combine(_root.Path, string.Create(CultureInfo.InvariantCulture, $"trace{life}"));
        await using var traced = ExporterProcess.StartAfter(
            $"exec strace -f -y -xx -s 5000 -e signal=none -e trace={SystemCalls.Traced} -o {trace} \"$0\" \"$@\"", "--http-port", "0", "--grpc-port", "0", "--data", Data);
        var (_, grpc) = await traced.ReadyAsync();
        using (var channel = CollectorCalls.Open(grpc))
        {
            for (var job = life * JobsALife; job < (life + 1) * JobsALife; job += 2)
            {
                await Task.WhenAll(SendAsync(channel, job), SendAsync(channel, job + 1));
            }
        }

        var exporter = (await File.ReadAllTextAsync($"/proc/{traced.Id}/task/{traced.Id}/children", RunningExporter.Cancelled)).Trim();
        await ProcessRun.RunAsync("kill", [life == 1 ? "-TERM" : "-KILL", exporter], RunningExporter.Cancelled);
        await traced.EndAsync();
        return await File.ReadAllLinesAsync(trace, RunningExporter.Cancelled);
    }

    private static async Task SendAsync(GrpcChannel channel, int job)
    {
        var response = await channel.ReportAsync(AgentEvents.Batch(AgentEvents.Now, AgentEvents.Completed(IdOf(job), $"j{job}", runner: AgentEvents.Runner(RunnerOf(job)))));
        Assert.Equal(EventResult.Types.Outcome.Accepted, Assert.Single(response.Results).Outcome);
    }

    private static string IdOf(int job) => string.Create(CultureInfo.InvariantCulture, $"event-{job:D4}");

    private static string RunnerOf(int job) => string.Create(CultureInfo.InvariantCulture, $"r{job}");
}
