using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Store.Sqlite;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Store;

/// <summary>What the commit loop does when the store fails. What the store does when the disk fails: <see cref="DiskFaultTests"/>.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Append_FailsForAWhile_RefusesEverythingUntilItDoesNot()
    {
        await using var rig = StoreRig.Start(_folder.Path);
        rig.Store.Append = FaultyStore.Broken;
        for (var job = 1; job <= 5; job++)
        {
            var refused = await StoreRig.RefusalAsync(rig.SubmitAsync(Job(job)));
            Assert.Contains("Input/output error", refused?.Message, StringComparison.Ordinal);
            Assert.False(refused!.IsFull);
            await rig.Loop.ProbeAsync();
            Assert.Equal("Input/output error", rig.Loop.Problem);
        }

        Assert.Equal("", rig.Text());
        rig.Store.Append = () => null;
        await rig.Loop.ProbeAsync();
        Assert.Null(rig.Loop.Problem);
        await rig.SubmitAsync(Enumerable.Range(1, 5).Select(Job));
        Assert.Equal(5, rig.Successes().Count);
        Assert.Equal(rig.Successes(), await rig.SuccessesAfterKillAsync());
    }

    [Fact]
    public async Task Append_FailsBecauseTheDiskIsFull_SaysSo()
    {
        await using var rig = StoreRig.Start(_folder.Path);
        rig.Store.Append = FaultyStore.Full;

        Assert.True((await StoreRig.RefusalAsync(rig.SubmitAsync(Job(1))))?.IsFull);
    }

    // A repetition of what is known is no reason to write. But while nothing can be written, nobody can say that it is durable.
    [Fact]
    public async Task Submit_KnownEventWhileNothingCanBeWritten_IsNotAcknowledged()
    {
        await using var rig = StoreRig.Start(_folder.Path);
        await rig.SubmitAsync(Job(1));
        rig.Store.Append = FaultyStore.Broken;
        await StoreRig.RefusalAsync(rig.SubmitAsync(Job(2)));

        Assert.NotNull(await StoreRig.RefusalAsync(rig.SubmitAsync(Job(1))));
    }

    [Fact]
    public async Task Submit_SeveralInOneGroupThatFails_RefusesAllOfThem()
    {
        await using var rig = StoreRig.Start(_folder.Path);
        using var fsync = new Gate();
        var appends = 0;
        rig.Store.Append = () =>
        {
            if (++appends == 1)
            {
                fsync.Pass();
            }

            return appends == 2 ? FaultyStore.Broken() : null;
        };
        var first = rig.SubmitAsync(Job(0));
        await fsync.ComesAsync();
        var group = Enumerable.Range(1, 10).Select(job => rig.SubmitAsync(Job(job))).ToArray();
        fsync.Open();
        await first;
        foreach (var answer in group)
        {
            Assert.NotNull(await StoreRig.RefusalAsync(answer));
        }

        Assert.Equal(["r0"], rig.Successes().Keys);
        Assert.Equal(["r0"], (await rig.SuccessesAfterKillAsync()).Keys);
    }

    [Fact]
    public async Task Step_OfASnapshotFails_LosesNothingAndALaterSnapshotCounts()
    {
        for (var failing = 1; failing <= 6; failing++)
        {
            var folder = Path.Combine(_folder.Path, $"{failing}");
            var rig = StoreRig.Start(folder, new StoreOptions { SnapshotAfter = 1500, ChunkLength = 1000 });
            var steps = 0;
            rig.Store.OnStep = () => ++steps == failing ? FaultyStore.Broken() : null;
            for (var job = 0; job < 30; job++)
            {
                await rig.SubmitAsync(Job(job));
                Assert.Null(rig.Loop.Problem);
            }

            Assert.Equal(30, (await rig.SuccessesAfterKillAsync()).Count);
            await rig.DisposeAsync();
            await using var again = StoreRig.Start(folder);
            Assert.Equal(30, again.Successes().Count);
        }
    }

    private static Event Job(int job) => AgentEvents.Completed($"e{job}", $"j{job}", runner: AgentEvents.Runner($"r{job}"));
}
