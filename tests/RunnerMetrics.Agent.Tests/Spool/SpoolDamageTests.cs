using RunnerMetrics.Agent.Spool;

namespace RunnerMetrics.Agent.Tests.Spool;

public class SpoolDamageTests
{
    private static readonly SpoolOptions NeverWrittenAnew = new() { CompactAfter = long.MaxValue };

    [Fact]
    public void Open_EveryPrefix_IsAStateThatWasTrue()
    {
        var (disk, _, states) = Write();
        var whole = disk[EventSpool.FileName];
        var seen = new HashSet<string>();
        for (var length = 0; length <= whole.Length; length++)
        {
            var torn = new PowerCutFolder { [EventSpool.FileName] = whole[..length] };
            using var spool = new SpoolStory(0, NeverWrittenAnew).Open(torn);
            var state = StateOf(spool);
            Assert.True(states.Contains(state), $"After {length} bytes the state is none that ever was: {state}");
            seen.Add(state);
        }

        Assert.Equal(states, seen);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    public void Open_EveryFlippedByte_IsNoticedAndEverythingArrivesAsItWas(int bit)
    {
        var length = Write().Disk[EventSpool.FileName].Length;
        for (var at = 0; at < length; at++)
        {
            var (disk, story, _) = Write();
            disk[EventSpool.FileName][at] ^= (byte)(1 << bit);
            story.Forgive();
            story.Run(disk, () => false, seed: at);
            Assert.True(story.Log.Lines.Count > 0, $"The flipped bit {bit} of byte {at} was not noticed.");
            Assert.True(story.IsComplete, $"With bit {bit} of byte {at} flipped, events are lost.");
        }
    }

    [Fact]
    public void Open_DamageInTheMiddle_SetsTheFileAsideAndGoesOnInFrontOfIt()
    {
        var (disk, story, _) = Write();
        var whole = disk[EventSpool.FileName];
        var damaged = whole.ToArray();
        damaged[whole.Length / 2] ^= 1;
        disk[EventSpool.FileName] = [.. damaged];
        string sender;
        using (var spool = story.Open(disk))
        {
            Assert.InRange(spool.Place!.Logs[0].At.Offset, 1, 7);
            Assert.NotEmpty(Waiting(spool));
            sender = spool.SenderId;
        }

        Assert.Equal(damaged, disk[EventSpool.SetAside]);
        Assert.Contains(story.Log.Lines, line => line.StartsWith("Error The spool in /disk was damaged", StringComparison.Ordinal));
        using var again = story.Open(disk);
        Assert.Equal(sender, again.SenderId);
        Assert.Single(story.Log.Lines);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 })]
    [InlineData(new byte[] { (byte)'R', (byte)'M', (byte)'s', (byte)'p', (byte)'o', (byte)'o', (byte)'l', 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void Open_NothingCanBeRead_IsAnotherSenderThatReadsEverything(byte[] content)
    {
        var disk = new PowerCutFolder { [EventSpool.FileName] = content };
        var story = new SpoolStory(5);
        using (var spool = story.Open(disk))
        {
            Assert.Null(spool.Place);
            Assert.Matches("^[0-9a-f]{32}$", spool.SenderId);
        }

        story.Run(disk, () => false, seed: 1);
        Assert.True(story.IsComplete);
    }

    [Fact]
    public void Open_LastFrameDamaged_NeverGivesItsNumbersAgain()
    {
        var (disk, _, _) = Write();
        var story = new SpoolStory(20, NeverWrittenAnew);
        ulong last;
        using (var spool = story.Open(disk))
        {
            spool.Append([SpoolStory.EventAt(15)], SpoolStory.PlaceAt(16));
            last = Waiting(spool).Max(e => e.Sequence);
        }

        disk[EventSpool.FileName][^1] ^= 1;
        using var again = story.Open(disk);
        again.Append([SpoolStory.EventAt(16)], SpoolStory.PlaceAt(17));
        Assert.True(Waiting(again).Single(e => e.EventId == "e16").Sequence > last, "A number was given twice.");
    }

    [Fact]
    public void Next_FileRemovedWhileInUse_AsksToBeOpenedAgain()
    {
        var disk = new PowerCutFolder();
        using var spool = new SpoolStory(0).Open(disk);
        spool.Append([SpoolStory.EventAt(0)], SpoolStory.PlaceAt(1));
        disk.Delete(EventSpool.FileName);
        Assert.Contains("removed", Assert.Throws<Hosting.Folders.StorageException>(() => spool.Next(10)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_FileDamagedWhileInUse_AsksToBeOpenedAgain()
    {
        var disk = new PowerCutFolder();
        using var spool = new SpoolStory(0).Open(disk);
        spool.Append([SpoolStory.EventAt(0)], SpoolStory.PlaceAt(1));
        disk[EventSpool.FileName][^1] ^= 1;
        Assert.Contains("damaged", Assert.Throws<Hosting.Folders.StorageException>(() => spool.Next(10)).Message, StringComparison.Ordinal);
    }

    // Twelve events in frames of different sizes, of which some are settled; and every state on the way.
    private static (PowerCutFolder Disk, SpoolStory Story, HashSet<string> States) Write()
    {
        var disk = new PowerCutFolder();
        var story = new SpoolStory(14, NeverWrittenAnew);
        using var spool = story.Open(disk);
        HashSet<string> states = [StateOf(spool)];
        var at = 0;
        foreach (var count in new[] { 1, 3, 2, 1, 5 })
        {
            spool.Append([.. Enumerable.Range(at, count).Select(SpoolStory.EventAt)], SpoolStory.PlaceAt(at + count));
            at += count;
            states.Add(StateOf(spool));
            if (count == 3)
            {
                story.DeliverOne(spool, 3);
                states.Add(StateOf(spool));
            }
        }

        return (disk, story, states);
    }

    private static string StateOf(EventSpool spool) =>
        $"at {spool.Place?.Logs[0].At.Offset}: {string.Join(' ', Waiting(spool).Select(e => e.EventId))}";

    private static IReadOnlyList<Contracts.V1.Event> Waiting(EventSpool spool)
    {
        spool.Rewind();
        return spool.Next(int.MaxValue)?.Events ?? [];
    }
}
