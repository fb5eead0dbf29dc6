using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Journal;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Journal;

public class FaultTests
{
    private readonly PowerCutFolder _disk = new();
    private readonly FaultyFolder _faulty;

    public FaultTests() => _faulty = new FaultyFolder(_disk);

    [Fact]
    public async Task Write_FailsAtEveryByte_RefusesThatEventAndKeepsTheOthers()
    {
        var wrong = new List<string>();
        for (var fits = 0; ; fits++)
        {
            var disk = new PowerCutFolder();
            var faulty = new FaultyFolder(disk);
            var rig = JournalRig.Start(faulty);
            await rig.SubmitAsync(Job(1));
            faulty.Room = fits;
            var refused = await JournalRig.RefusalAsync(rig.SubmitAsync(Job(2)));
            faulty.Room = null;
            if (refused is null)
            {
                await rig.DisposeAsync();
                Assert.InRange(fits, 50, 1000);
                break;
            }

            Assert.True(refused.IsFull, $"With room for {fits} bytes it was refused for another reason: {refused.Message}");
            await rig.SubmitAsync(Job(3));
            disk.Stop();
            await rig.DisposeAsync();
            await using var again = JournalRig.Start(disk.AfterKill());
            if (!again.Successes().Keys.Order().SequenceEqual(["r1", "r3"]))
            {
                wrong.Add($"{fits} bytes: {string.Join(", ", again.Successes().Keys)}");
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sync_Fails_AcknowledgesNothingAndLeavesNothingThatComesBack(bool killedAtOnce)
    {
        var rig = JournalRig.Start(_faulty);
        await rig.SubmitAsync(Job(1));
        FailNext(StorageOperation.Sync);

        var refused = await JournalRig.RefusalAsync(rig.SubmitAsync(Job(2)));

        Assert.NotNull(refused);
        Assert.False(refused.IsFull);
        Assert.Contains("Input/output error", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["r1"], rig.Successes().Keys);
        Assert.Equal("Input/output error", rig.Loop.Problem);
        if (!killedAtOnce)
        {
            await rig.SubmitAsync(Job(3));
            Assert.Null(rig.Loop.Problem);
        }

        _disk.Stop();
        await rig.DisposeAsync();
        await using var again = JournalRig.Start(_disk.AfterKill());
        Assert.Equal(killedAtOnce ? ["r1"] : ["r1", "r3"], again.Successes().Keys.Order());
        Assert.All(again.Successes(), runner => Assert.Equal("1", runner.Value));
    }

    // What a failed fsync left in the page cache is clean to the kernel, and never gets to the disk.
    [Fact]
    public async Task Sync_FailsAndTheKernelForgets_WritesTheNextEventToAnotherFile()
    {
        await using var rig = JournalRig.Start(_faulty);
        await rig.SubmitAsync(Job(1));
        FailNext(StorageOperation.Sync);
        await JournalRig.RefusalAsync(rig.SubmitAsync(Job(2)));
        List<string> written = [];
        _faulty.Fault = (operation, name) =>
        {
            if (operation == StorageOperation.Write)
            {
                written.Add(name);
            }

            return null;
        };

        await rig.SubmitAsync(Job(3));

        Assert.All(written, name => Assert.Equal(FileNames.Segment(2), name));
    }

    [Fact]
    public async Task Sync_FailsForAWhile_RefusesEverythingUntilItDoesNot()
    {
        await using var rig = JournalRig.Start(_faulty);
        _faulty.Fault = (operation, _) => operation == StorageOperation.Sync ? FaultyFolder.Broken() : null;
        for (var job = 1; job <= 5; job++)
        {
            Assert.NotNull(await JournalRig.RefusalAsync(rig.SubmitAsync(Job(job))));
            await rig.Loop.ProbeAsync();
            Assert.NotNull(rig.Loop.Problem);
        }

        Assert.Equal("", rig.Text());
        _faulty.Fault = (_, _) => null;
        await rig.Loop.ProbeAsync();
        Assert.Null(rig.Loop.Problem);
        await rig.SubmitAsync(Enumerable.Range(1, 5).Select(Job));
        Assert.Equal(5, rig.Successes().Count);
    }

    [Fact]
    public async Task Submit_SeveralInOneGroupThatFails_RefusesAllOfThem()
    {
        await using var rig = JournalRig.Start(_faulty);
        using var fsync = new Gate();
        var syncs = 0;
        _faulty.Fault = (operation, _) =>
        {
            if (operation == StorageOperation.Sync && ++syncs == 1)
            {
                fsync.Pass();
            }

            return operation == StorageOperation.Sync && syncs == 2 ? FaultyFolder.Broken() : null;
        };
        var first = rig.SubmitAsync(Job(0));
        await fsync.ComesAsync();
        var group = Enumerable.Range(1, 10).Select(job => rig.SubmitAsync(Job(job))).ToArray();
        fsync.Open();
        await first;
        foreach (var answer in group)
        {
            Assert.NotNull(await JournalRig.RefusalAsync(answer));
        }

        Assert.Equal(["r0"], rig.Successes().Keys);
    }

    [Fact]
    public async Task Start_DiskFull_StartsNotReadyAndRecoversByItself()
    {
        await using (var before = JournalRig.Start(_disk))
        {
            await before.SubmitAsync(Job(1));
        }

        _faulty.Room = 0;
        await using var rig = JournalRig.Start(_faulty);
        Assert.Equal(["r1"], rig.Successes().Keys);
        Assert.Contains("No space left", rig.Loop.Problem, StringComparison.Ordinal);
        Assert.True((await JournalRig.RefusalAsync(rig.SubmitAsync(Job(2))))?.IsFull);

        _faulty.Room = null;
        await rig.Loop.ProbeAsync();

        Assert.Null(rig.Loop.Problem);
        await rig.SubmitAsync(Job(2));
        Assert.Equal(["r1", "r2"], rig.Successes().Keys);
    }

    private void FailNext(StorageOperation failing)
    {
        var failed = false;
        _faulty.Fault = (operation, _) =>
        {
            var fails = operation == failing && !failed;
            failed |= fails;
            return fails ? FaultyFolder.Broken() : null;
        };
    }

    private static Event Job(int job) => Wire.Completed($"e{job}", $"j{job}", runner: Wire.Runner($"r{job}"));
}
