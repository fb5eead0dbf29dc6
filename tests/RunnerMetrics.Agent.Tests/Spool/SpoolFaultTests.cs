using RunnerMetrics.Agent.Spool;

namespace RunnerMetrics.Agent.Tests.Spool;

public class SpoolFaultTests
{
    private readonly PowerCutFolder _disk = new();
    private readonly FaultyFolder _faulty;
    private readonly SpoolStory _story = new(20);

    public SpoolFaultTests() => _faulty = new FaultyFolder(_disk);

    [Fact]
    public void Append_DiskFullAfterEveryByte_TakesAllOrNothingAndGoesOnByItself()
    {
        for (var fits = 0; ; fits++)
        {
            var disk = new PowerCutFolder();
            var faulty = new FaultyFolder(disk);
            var story = new SpoolStory(20);
            using var spool = story.Open(faulty);
            Append(spool, 0, 2);
            faulty.Room = fits;
            var isFull = false;
            try
            {
                Append(spool, 2, 2);
            }
            catch (IOException)
            {
                isFull = true;
            }

            Assert.Equal(isFull ? 2 : 4, spool.Place!.Logs[0].At.Offset);
            Assert.Equal(isFull ? ["e0", "e1"] : ["e0", "e1", "e2", "e3"], Waiting(spool));
            faulty.Room = null;
            story.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(spool.IsReady());
            if (isFull)
            {
                Append(spool, 2, 2);
            }

            using var again = story.Open(disk.AfterCut());
            Assert.Equal(["e0", "e1", "e2", "e3"], Waiting(again));
            Assert.Equal([1UL, 2, 3, 4], Sequences(again));
            if (!isFull)
            {
                Assert.InRange(fits, 100, 1000);
                return;
            }
        }
    }

    [Fact]
    public void Append_FsyncFails_WritesToThatFileNoMoreAndKeepsWhatWasDurable()
    {
        using var spool = _story.Open(_faulty);
        Append(spool, 0, 2);
        FailNext(StorageOperation.Sync);
        Assert.Throws<IOException>(() => Append(spool, 2, 1));
        Assert.Equal(["e0", "e1"], Waiting(spool));
        Assert.False(spool.IsReady());
        List<string> written = [];
        _faulty.Fault = (operation, name) =>
        {
            if (operation == StorageOperation.Write && written.LastOrDefault() != name)
            {
                written.Add(name);
            }

            return null;
        };
        _story.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(spool.IsReady());
        Append(spool, 2, 2);
        Assert.Equal([EventSpool.Temporary, EventSpool.FileName], written);
        using var again = _story.Open(_disk.AfterCut());
        Assert.Equal(["e0", "e1", "e2", "e3"], Waiting(again));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_OperationsFailAtRandom_DeliversEverythingUnderOneNumber(int seed)
    {
        var random = new Random(seed);
        _faulty.Fault = (_, _) => random.Next(4) == 0 ? FaultyFolder.Broken() : null;
        for (var life = 0; life < 5; life++)
        {
            _story.Run(_faulty, () => false, seed + life, limit: 30);
        }

        _faulty.Fault = (_, _) => null;
        _story.Run(_faulty, () => false, seed);
        Assert.True(_story.IsComplete, "Events are lost.");
        Assert.Empty(_story.Repeated);
    }

    // The old file may come back after a power failure until the folder is durable: what it lacks must not have been taken.
    [Fact]
    public void Append_FolderCannotBeMadeDurableAfterTheRename_TakesNothingUntilItCan()
    {
        using var spool = _story.Open(_faulty);
        Append(spool, 0, 2);
        FailNext(StorageOperation.Sync);
        Assert.Throws<IOException>(() => Append(spool, 2, 1));
        _faulty.Fault = (operation, _) => operation == StorageOperation.SyncFolder ? FaultyFolder.Broken() : null;
        for (var second = 0; second < 100; second++)
        {
            _story.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.False(spool.IsReady());
        }

        Assert.Equal(["e0", "e1"], Waiting(spool));
        _faulty.Fault = (_, _) => null;
        _story.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(spool.IsReady());
        Append(spool, 2, 1);
        using var again = _story.Open(_disk.AfterCut());
        Assert.Equal(["e0", "e1", "e2"], Waiting(again));
        Assert.Single(_story.Log.Lines, line => line.StartsWith("Error Cannot write", StringComparison.Ordinal));
        Assert.Single(_story.Log.Lines, line => line.EndsWith("is writable again.", StringComparison.Ordinal));
    }

    [Fact]
    public void Open_NothingCanBeWritten_SendsNothingAndGoesOnByItself()
    {
        _faulty.Room = 0;
        using var spool = _story.Open(_faulty);
        Assert.False(spool.IsReady());
        Assert.Null(spool.Next(10));
        _faulty.Room = null;
        _story.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(spool.IsReady());
        Append(spool, 0, 1);
        Assert.Equal(["e0"], Waiting(spool));
    }

    [Fact]
    public void Open_CannotBeMadeDurable_SendsNothingUntilItIs()
    {
        using (var spool = _story.Open(_faulty))
        {
            Append(spool, 0, 1);
        }

        _faulty.Fault = (operation, _) => operation == StorageOperation.Sync ? FaultyFolder.Broken() : null;
        using var again = _story.Open(_faulty);
        Assert.Null(again.Next(10));
        Assert.Equal(1, again.Waiting);
        var changed = again.Changed;
        _faulty.Fault = (_, _) => null;
        _story.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(again.IsReady());
        Assert.True(changed.IsCompleted, "Nobody is told that there is something to send.");
        Assert.Equal(["e0"], Waiting(again));
    }

    [Fact]
    public void Pass_MarkCannotBeWritten_IsNotSentAgainAndGoesWithTheNextFrame()
    {
        using var spool = _story.Open(_faulty);
        Append(spool, 0, 3);
        _faulty.Room = 0;
        _story.DeliverOne(spool, 2);
        Assert.Equal(["e2"], Waiting(spool));
        _faulty.Room = null;
        _story.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(spool.IsReady());
        using var again = _story.Open(_disk.AfterCut());
        Assert.Equal(["e2"], Waiting(again));
    }

    private static void Append(EventSpool spool, int at, int count) =>
        spool.Append([.. Enumerable.Range(at, count).Select(SpoolStory.EventAt)], SpoolStory.PlaceAt(at + count));

    private static string[] Waiting(EventSpool spool) => [.. All(spool).Select(e => e.EventId)];

    private static ulong[] Sequences(EventSpool spool) => [.. All(spool).Select(e => e.Sequence)];

    private static IReadOnlyList<Contracts.V1.Event> All(EventSpool spool)
    {
        spool.Rewind();
        return spool.Next(int.MaxValue)?.Events ?? [];
    }

    private void FailNext(StorageOperation which) => _faulty.Fault = (operation, _) =>
    {
        if (operation != which)
        {
            return null;
        }

        _faulty.Fault = (_, _) => null;
        return FaultyFolder.Broken();
    };
}
