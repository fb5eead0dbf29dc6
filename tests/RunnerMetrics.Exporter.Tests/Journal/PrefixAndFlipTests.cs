using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Core.Exposition;
using RunnerMetrics.Core.Storage;
using RunnerMetrics.Exporter.Journal;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;

namespace RunnerMetrics.Exporter.Tests.Journal;

/// <summary>A journal of two segments behind a snapshot, cut and flipped everywhere.</summary>
public class PrefixAndFlipTests
{
    private static readonly string Snapshot = FileNames.Snapshot(2), Earlier = FileNames.Segment(2), Last = FileNames.Segment(3);

    [Fact]
    public async Task Open_EveryPrefixOfTheLastFile_IsAStateThatWasTrue()
    {
        var (disk, states) = await WriteAsync();
        var seen = new HashSet<string>();
        for (var length = 0; length <= disk[Last].Length; length++)
        {
            var torn = disk.Copy();
            torn[Last] = disk[Last][..length];
            await using var rig = JournalRig.Start(torn);
            var text = rig.Text(ExpositionFormat.OpenMetrics);
            Assert.True(states.Contains(text), $"After {length} bytes the state is none that ever was.");
            seen.Add(text);
        }

        Assert.Equal(states, seen);
    }

    [Fact]
    public async Task Open_EveryPrefixOfAnEarlierFile_IsRefused()
    {
        var (disk, _) = await WriteAsync();
        foreach (var name in new[] { Snapshot, Earlier })
        {
            var refused = 0;
            for (var length = 0; length < disk[name].Length; length++)
            {
                var torn = disk.Copy();
                torn[name] = disk[name][..length];
                refused += await RefusesAsync(torn) ? 1 : 0;
            }

            // A file that ends where a commit ends cannot be told from one that always did.
            Assert.InRange(refused, disk[name].Length - 3, disk[name].Length);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    public async Task Open_EveryFlippedByte_IsRefusedOrCutOffAndNeverFoldedIn(int bit)
    {
        var (disk, states) = await WriteAsync();
        foreach (var name in new[] { Snapshot, Earlier, Last })
        {
            for (var at = 0; at < disk[name].Length; at++)
            {
                var flipped = disk.Copy();
                flipped[name] = [.. disk[name]];
                flipped[name][at] ^= (byte)(1 << bit);
                try
                {
                    await using var rig = JournalRig.Start(flipped);
                    Assert.True(name == Last, $"Bit {bit} of byte {at} of {name} was flipped, and nobody noticed.");
                    Assert.True(rig.Recovery.CutBytes > 0, $"Bit {bit} of byte {at} of {name} was flipped, and nothing was said.");
                    Assert.True(states.Contains(rig.Text(ExpositionFormat.OpenMetrics)), $"Bit {bit} of byte {at} of {name} was folded in.");
                }
                catch (StorageException)
                {
                    // It was refused, with the file and the offset.
                }
            }
        }
    }

    [Fact]
    public async Task Repair_EveryFlippedByte_StartsAndStartsAgainWithoutIt()
    {
        var (disk, _) = await WriteAsync();
        foreach (var name in new[] { Snapshot, Earlier, Last })
        {
            for (var at = 0; at < disk[name].Length; at += 7)
            {
                var flipped = disk.Copy();
                flipped[name] = [.. disk[name]];
                flipped[name][at] ^= 2;
                if (!await RefusesAsync(flipped.Copy()) || IsVersion(name, at))
                {
                    continue;
                }

                var rig = JournalRig.Start(flipped, new JournalOptions { Repair = true });
                var text = rig.Text();
                Assert.True(rig.Recovery.IsRepaired && rig.Recovery.SkippedBytes > 0);
                flipped.Stop();
                await rig.DisposeAsync();
                await using var again = JournalRig.Start(flipped.AfterKill());
                Assert.Equal(text, again.Text());
            }
        }
    }

    private static bool IsVersion(string name, int at) => name != Snapshot && at == EventJournal.Header.Length - 1;

    private static async Task<bool> RefusesAsync(PowerCutFolder disk)
    {
        try
        {
            await using var rig = JournalRig.Start(disk);
            disk.Stop();
            return false;
        }
        catch (StorageException)
        {
            return true;
        }
    }

    // The disk, and every state from the last file's beginning on.
    private static async Task<(PowerCutFolder Disk, HashSet<string> States)> WriteAsync()
    {
        var disk = new PowerCutFolder();
        await using (var rig = JournalRig.Start(disk))
        {
            await rig.SubmitAsync(Wire.Completed("1", "a"));
        }

        // The clean stop left a snapshot, and the segment that belongs to it.
        HashSet<string> states = [];
        Event[][] runs = [[Wire.Completed("2", "b"), Wire.Started("3", "c")], [Wire.Completed("4", "c", conclusion: Conclusion.Failed), Wire.Stopped("5"), Wire.Cache("6")]];
        foreach (var run in runs)
        {
            var rig = JournalRig.Start(disk);
            states = [rig.Text(ExpositionFormat.OpenMetrics)];
            foreach (var wire in run)
            {
                await rig.SubmitAsync(wire);
                states.Add(rig.Text(ExpositionFormat.OpenMetrics));
            }

            disk.Stop();
            await rig.DisposeAsync();
            disk.AfterKill();
        }

        Assert.Equal([Earlier, Last, Snapshot], disk.List().Order(StringComparer.Ordinal));
        return (disk, states);
    }
}
