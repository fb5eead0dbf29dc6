using RunnerMetrics.Core.Events;
using RunnerMetrics.Core.Tests.Support;

namespace RunnerMetrics.Core.Tests.Events;

public class SequenceSetTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Add_RandomSequences_ContainsWhatASetWould(int seed)
    {
        var random = new Random(seed);
        var set = new SequenceSet();
        var model = new HashSet<ulong>();
        for (var i = 0; i < 300; i++)
        {
            var sequence = (ulong)random.Next(1, 120);
            set.Add(sequence);
            model.Add(sequence);
            if (i % 50 == 0)
            {
                var loaded = new SequenceSet();
                Saved.Load(set.Save, loaded.Load);
                set = loaded;
            }

            for (var each = 1ul; each <= 121; each++)
            {
                Assert.True(model.Contains(each) == set.Contains(each), $"Seed {seed}: after {i + 1} additions the answer about {each} is wrong.");
            }
        }
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 20)];

    [Fact]
    public void Add_InOrder_TakesNoRoom()
    {
        var set = new SequenceSet();
        for (var sequence = 1ul; sequence <= 10_000; sequence++)
        {
            set.Add(sequence);
        }

        Assert.Equal(0, set.Gaps);
        Assert.True(set.Contains(10_000));
        Assert.False(set.Contains(10_001));
    }

    [Fact]
    public void Add_BehindOneThatNeverComes_TakesTheRoomOfOneGap()
    {
        var set = new SequenceSet();
        for (var sequence = 2ul; sequence <= 100_000; sequence++)
        {
            set.Add(sequence);
        }

        Assert.Equal(1, set.Gaps);
        Assert.False(set.Contains(1));
        set.Add(1);
        Assert.Equal(0, set.Gaps);
    }

    [Fact]
    public void Add_MoreGapsThanAllowed_GivesUpTheOldest()
    {
        var set = new SequenceSet();
        for (var i = 1ul; i <= SequenceSet.MaxGaps + 5; i++)
        {
            set.Add(2 * i);
        }

        Assert.Equal(SequenceSet.MaxGaps, set.Gaps);
        Assert.True(set.Contains(9));
        Assert.False(set.Contains(11));
    }

    [Fact]
    public void Add_TheEndsOfTheRange_AreNoSpecialCase()
    {
        var set = new SequenceSet();
        set.Add(ulong.MaxValue);
        set.Add(ulong.MaxValue - 1);
        set.Add(1);

        Assert.True(set.Contains(ulong.MaxValue) && set.Contains(ulong.MaxValue - 1) && set.Contains(1));
        Assert.False(set.Contains(2));
        Assert.False(set.Contains(ulong.MaxValue - 2));
    }
}
