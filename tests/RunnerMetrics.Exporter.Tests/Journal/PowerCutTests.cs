using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Journal;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Journal;

/// <summary>Every job has its own runner, so that each can be seen by itself.</summary>
public class PowerCutTests
{
    private const int Rounds = 9;

    /// <summary>So small that the script takes several snapshots.</summary>
    private static readonly JournalOptions Options = new() { SnapshotAfter = 1000 };

    [Fact]
    public async Task Cut_AtEveryOperation_LosesNothingAcknowledgedAndInventsNothing()
    {
        var whole = new PowerCutFolder();
        await RunAsync(whole, 0);
        Assert.InRange(whole.Operations, 40, 400);
        for (var at = 1; at <= whole.Operations; at++)
        {
            var disk = new PowerCutFolder { StopAt = at };
            var acknowledged = await RunAsync(disk, 0);
            for (var seed = 0; seed < 8; seed++)
            {
                await AssertHoldsAsync(disk.AfterCut(new Random(seed)), acknowledged, $"cut at operation {at}, seed {seed}");
            }
        }
    }

    // A process that was killed leaves its writes in the page cache: they are read again, but are they durable?
    [Fact]
    public async Task Cut_AfterAKillAtEveryOperation_LosesNothingAcknowledgedByEither()
    {
        var whole = new PowerCutFolder();
        await RunAsync(whole, 0);
        var random = new Random(3);
        for (var killedAt = 1; killedAt <= whole.Operations; killedAt++)
        {
            for (var after = 1; after <= 30; after += random.Next(1, 3))
            {
                var disk = new PowerCutFolder { StopAt = killedAt };
                var acknowledged = await RunAsync(disk, 0);
                disk.AfterKill().StopAt = disk.Operations + after;
                acknowledged.UnionWith(await RunAsync(disk, 0));

                await AssertHoldsAsync(
                    disk.AfterCut(random), acknowledged, $"killed at operation {killedAt}, cut {after} operations later");
            }
        }
    }

    [Fact]
    public async Task Cut_DuringTheRecoveryFromACut_LosesNothing()
    {
        var whole = new PowerCutFolder();
        await RunAsync(whole, 0);
        var random = new Random(5);
        for (var at = 1; at <= whole.Operations; at++)
        {
            var disk = new PowerCutFolder { StopAt = at };
            var acknowledged = await RunAsync(disk, 0);
            for (var again = 0; again < 6; again++)
            {
                disk = disk.AfterCut(random);
                disk.StopAt = random.Next(1, 12);
                acknowledged.UnionWith(await RunAsync(disk, again));
            }

            await AssertHoldsAsync(disk.AfterCut(random), acknowledged, $"first cut at operation {at}");
        }
    }

    [Fact]
    public async Task Submit_WhileTheFsyncHasNotReturned_IsNotAnswered()
    {
        using var fsync = new Gate();
        var disk = new FaultyFolder(new PowerCutFolder());
        await using var rig = JournalRig.Start(disk);
        disk.Fault = (operation, _) =>
        {
            if (operation == StorageOperation.Sync)
            {
                fsync.Pass();
            }

            return null;
        };

        var answer = rig.SubmitAsync(Job(0));
        var later = rig.SubmitAsync(Job(1));
        await fsync.ComesAsync();
        var (isAnswered, text) = (answer.IsCompleted, rig.Text());
        fsync.Open();
        Assert.False(isAnswered, "The event was acknowledged before its fsync returned.");
        Assert.Equal("", text);
        await answer;
        await later;

        Assert.Equal(2, rig.Successes().Count);
    }

    // Sends jobs until the disk is gone, one after another and two at once, and gives the runners of those that were acknowledged.
    private static async Task<HashSet<string>> RunAsync(PowerCutFolder disk, int skip)
    {
        HashSet<string> acknowledged = [];
        JournalRig rig;
        try
        {
            rig = JournalRig.Start(disk, Options);
        }
        catch (PowerCutException)
        {
            return acknowledged;
        }

        for (var round = skip; round < Rounds; round++)
        {
            int[] jobs = [2 * round, (2 * round) + 1];
            var answers = round % 3 == 0
                ? jobs.Select(job => (Jobs: new[] { job }, Answer: rig.SubmitAsync(Job(job)))).ToArray()
                : [(jobs, rig.SubmitAsync(jobs.Select(Job)))];
            foreach (var (sent, answer) in answers)
            {
                try
                {
                    await answer;
                    acknowledged.UnionWith(sent.Select(Runner));
                }
                catch (JournalUnavailableException)
                {
                    // It was refused, and may be there or not.
                }
            }
        }

        await rig.DisposeAsync();
        return acknowledged;
    }

    private static async Task AssertHoldsAsync(PowerCutFolder disk, HashSet<string> acknowledged, string when)
    {
        var rig = JournalRig.Start(disk, Options);
        var counted = rig.Successes();
        await rig.DisposeAsync();
        Assert.True(acknowledged.IsSubsetOf(counted.Keys), $"Lost, {when}: {string.Join(", ", acknowledged.Except(counted.Keys))}");
        Assert.All(counted, runner => Assert.True(runner.Value == "1", $"Counted {runner.Value} times, {when}: {runner.Key}"));
        Assert.True(
            counted.Keys.All(name => Enumerable.Range(0, 2 * Rounds).Select(Runner).Contains(name)), $"Never sent, {when}: {string.Join(", ", counted.Keys)}");
    }

    private static string Runner(int job) => $"r{job}";

    private static Event Job(int job) => Wire.Completed($"e{job}", $"j{job}", runner: Wire.Runner(Runner(job)));
}
