using RunnerMetrics.Agent.Spool;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Agent.Tests.Spool;

public class SpoolBoundsTests
{
    private readonly PowerCutFolder _disk = new();

    [Fact]
    public void IsReady_FileAsLargeAsItMayBe_WaitsUntilSomethingIsDelivered()
    {
        var story = new SpoolStory(1000, new SpoolOptions { MaxBytes = 4000, CompactAfter = 1000 });
        using var spool = story.Open(_disk);
        var taken = Fill(spool);
        Assert.InRange(_disk[EventSpool.FileName].Length, 4000, 4400);
        Assert.False(spool.IsReady());
        Assert.Single(story.Log.Lines, line => line.Contains("is full with", StringComparison.Ordinal));
        Assert.Equal((taken, 0UL), (spool.Waiting, spool.Lost));

        story.DeliverOne(spool, (int)taken * 2 / 3);
        Assert.True(spool.IsReady());
        Assert.InRange(_disk[EventSpool.FileName].Length, 100, 2500);
    }

    [Fact]
    public void Append_AllIsDeliveredAgainAndAgain_KeepsTheFileSmall()
    {
        var story = new SpoolStory(1000, new SpoolOptions { CompactAfter = 3000 });
        using var spool = story.Open(_disk);
        var largest = 0;
        for (var at = 0; at < 500; at++)
        {
            spool.Append([SpoolStory.EventAt(at)], SpoolStory.PlaceAt(at + 1));
            story.DeliverOne(spool, 1);
            largest = Math.Max(largest, _disk[EventSpool.FileName].Length);
        }

        // The ids of the last events alone take about 800 bytes.
        Assert.InRange(largest, 2000, 3800);
        Assert.Equal(0, spool.Waiting);
        using var again = story.Open(_disk);
        Assert.Equal((spool.SenderId, 500), (again.SenderId, again.Place!.Logs[0].At.Offset));
        again.Append([SpoolStory.EventAt(500)], SpoolStory.PlaceAt(501));
        Assert.Equal(501UL, again.Next(1)!.Events[0].Sequence);
    }

    [Fact]
    public void Append_OneEventIsKept_GoesOnAroundIt()
    {
        var story = new SpoolStory(1000, new SpoolOptions { CompactAfter = 3000 });
        using var spool = story.Open(_disk);
        spool.Append([SpoolStory.EventAt(0)], SpoolStory.PlaceAt(1));
        spool.Pass(spool.Next(1)!, new HashSet<string>());
        for (var at = 1; at < 300; at++)
        {
            spool.Append([SpoolStory.EventAt(at)], SpoolStory.PlaceAt(at + 1));
            spool.Pass(spool.Next(1)!, new HashSet<string> { $"e{at}" });
            Assert.True(spool.HasKept);
        }

        Assert.InRange(_disk[EventSpool.FileName].Length, 100, 3800);
        spool.Rewind();
        Assert.Equal(("e0", 1UL), (spool.Next(10)!.Events.Single().EventId, spool.Next(10)!.Events.Single().Sequence));
    }

    [Fact]
    public void Append_ReadTwice_TakesItOnce()
    {
        var story = new SpoolStory(10);
        using (var spool = story.Open(_disk))
        {
            spool.Append([SpoolStory.EventAt(0), SpoolStory.EventAt(1)], SpoolStory.PlaceAt(1));
            spool.Append([SpoolStory.EventAt(1)], SpoolStory.PlaceAt(2));
        }

        using var again = story.Open(_disk);
        again.Append([SpoolStory.EventAt(1), SpoolStory.EventAt(2)], SpoolStory.PlaceAt(3));
        Assert.Equal(["e0", "e1", "e2"], again.Next(10)!.Events.Select(e => e.EventId));
        Assert.Equal([1UL, 2, 3], again.Next(10)!.Events.Select(e => e.Sequence));
    }

    [Fact]
    public void Append_ReadTwiceAfterOlderEventsWereKept_TakesItOnce()
    {
        var story = new SpoolStory(400, new SpoolOptions { CompactAfter = 3000 });
        using (var spool = story.Open(_disk))
        {
            spool.Append([.. Enumerable.Range(0, 300).Select(SpoolStory.EventAt)], SpoolStory.PlaceAt(300));

            // The collector settles the later ones only: the file is written anew with 140 that are older than the last of all.
            spool.Pass(spool.Next(300)!, Enumerable.Range(140, 160).Select(at => $"e{at}").ToHashSet());
            Assert.Equal(140, spool.Waiting);
        }

        using var again = story.Open(_disk);
        again.Append([SpoolStory.EventAt(299), SpoolStory.EventAt(300)], SpoolStory.PlaceAt(301));
        Assert.Equal(141, again.Waiting);
        Assert.Equal(("e300", 301UL), (again.Next(300)!.Events[^1].EventId, again.Next(300)!.Events[^1].Sequence));
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(3000)]
    public void Append_StartReadAgainAfterManyOtherEvents_TakesItOnceUntilItsEnd(long compactAfter)
    {
        var story = new SpoolStory(0, new SpoolOptions { CompactAfter = compactAfter });
        for (var start = 0; start < 4; start++)
        {
            using var spool = story.Open(_disk);
            spool.Append([Started("j"), .. Reports(400 * start, 400)], SpoolStory.PlaceAt(start + 1));
            Assert.Equal(start == 0 ? 401 : 400, Settle(spool));
        }

        // What ended is not held for ever.
        using var last = story.Open(_disk);
        last.Append([new Event { EventId = "j-completed", JobCompleted = new JobCompleted { Job = new Job { JobKey = "j" } } }, .. Reports(2000, 128)], SpoolStory.PlaceAt(5));
        last.Append([Started("j")], SpoolStory.PlaceAt(6));
        Assert.Equal("j-started", last.Next(1000)!.Events[^1].EventId);

        static Event Started(string key) => new() { EventId = $"{key}-started", JobStarted = new JobStarted { Job = new Job { JobKey = key } } };

        static IEnumerable<Event> Reports(int first, int count) => Enumerable.Range(first, count).Select(at => new Event { EventId = $"r{at}", Cache = new CacheReport { CacheType = "npm", Hits = 1 } });

        static int Settle(EventSpool spool)
        {
            var batch = spool.Next(1000)!;
            spool.Pass(batch, batch.Events.Select(sent => sent.EventId).ToHashSet());
            return batch.Events.Count;
        }
    }

    [Fact]
    public void Append_NothingHappened_NotesThePlaceOnlyNowAndThen()
    {
        using var spool = new SpoolStory(0).Open(_disk);
        spool.Append([], SpoolStory.PlaceAt(0));
        var before = _disk.Operations;
        spool.Append([], SpoolStory.PlaceAt(1000));
        Assert.Equal(before, _disk.Operations);
        spool.Append([], SpoolStory.PlaceAt(2_000_000));
        Assert.True(_disk.Operations > before, "The place was not noted.");
    }

    [Fact]
    public void DropExpired_SomeWaitedTooLong_DropsThemForGoodAndCountsThem()
    {
        var story = new SpoolStory(10);
        using (var spool = story.Open(_disk))
        {
            spool.Append([SpoolStory.EventAt(0), SpoolStory.EventAt(1)], SpoolStory.PlaceAt(2));
            story.Time.Advance(TimeSpan.FromDays(20));
            spool.Append([SpoolStory.EventAt(2)], SpoolStory.PlaceAt(3));
            spool.DropExpired();
            Assert.Equal((3, 0UL), (spool.Waiting, spool.Lost));
            story.Time.Advance(TimeSpan.FromDays(11));
            spool.DropExpired();
            Assert.Equal((1, 2UL), (spool.Waiting, spool.Lost));
            Assert.Equal(["e2"], spool.Next(10)!.Events.Select(e => e.EventId));
            Assert.Single(story.Log.Lines, "Error Dropped 2 events that no collector accepted within 30 days; 2 so far. Check the collector.");
        }

        using var again = story.Open(_disk.AfterCut());
        Assert.Equal((1, 2UL), (again.Waiting, again.Lost));
        story.Time.Advance(TimeSpan.FromDays(20));
        again.DropExpired();
        Assert.Equal((0, 3UL), (again.Waiting, again.Lost));
        Assert.Null(again.Next(10));
    }

    [Fact]
    public void DropExpired_CannotBeWritten_DropsNothing()
    {
        var story = new SpoolStory(10);
        var faulty = new FaultyFolder(_disk);
        using var spool = story.Open(faulty);
        spool.Append([SpoolStory.EventAt(0)], SpoolStory.PlaceAt(1));
        story.Time.Advance(TimeSpan.FromDays(31));
        faulty.Room = 0;
        spool.DropExpired();
        Assert.Equal((1, 0UL), (spool.Waiting, spool.Lost));
        Assert.NotNull(spool.Next(10));
    }

    [Fact]
    public void Next_LargeEvents_SendsFewAtOnce()
    {
        using var spool = new SpoolStory(0).Open(_disk);
        spool.Append(
            [.. Enumerable.Range(0, 6).Select(at => new Contracts.V1.Event { EventId = $"{at}", Stopped = new() { Reason = new string('x', 400_000) } })],
            SpoolStory.PlaceAt(1));
        Assert.Equal(2, spool.Next(500)!.Events.Count);
    }

    private static long Fill(EventSpool spool)
    {
        var at = 0;
        while (spool.IsReady())
        {
            spool.Append([SpoolStory.EventAt(at)], SpoolStory.PlaceAt(++at));
        }

        return at;
    }
}
