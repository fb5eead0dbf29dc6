using RunnerMetrics.Domain.Memory;

namespace RunnerMetrics.Domain.Tests.Memory;

public class SettledSequencesTests
{
    [Fact]
    public void TryAdd_AnyOrder_ContainsWhatWasAddedAndNothingElse()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var settled = new SettledSequences(new GapBudget(long.MaxValue));
            var model = new HashSet<ulong>();
            for (var i = 0; i < 200; i++)
            {
                var sequence = (ulong)random.Next(1, 120);
                Assert.True(settled.TryAdd(sequence));
                model.Add(sequence);
                if (i % 50 == 0)
                {
                    settled = Restored(settled);
                }
            }

            Assert.All(Enumerable.Range(1, 130).Select(n => (ulong)n), n => Assert.True(model.Contains(n) == settled.Contains(n), $"seed {seed}, number {n}"));
        }
    }

    [Fact]
    public void TryAdd_TooManyGaps_RefusesTheNextAndKeepsTakingWhatOpensNone()
    {
        var settled = new SettledSequences(new GapBudget(long.MaxValue));
        var last = 0UL;
        while (!settled.IsCrowded)
        {
            Assert.True(settled.TryAdd(last += 2));
        }

        Assert.False(settled.TryAdd(last + 2));
        Assert.False(settled.Contains(last + 2));
        Assert.True(settled.TryAdd(last + 1));
        Assert.True(settled.TryAdd(3));
        Assert.False(settled.IsCrowded);
    }

    [Fact]
    public void TryAdd_SenderThatBeginsInTheMiddle_TakesOneRange()
    {
        var settled = new SettledSequences(new GapBudget(long.MaxValue));
        for (var sequence = 1_000_000UL; sequence < 1_010_000; sequence++)
        {
            Assert.True(settled.TryAdd(sequence));
        }

        Assert.False(settled.IsCrowded);
        Assert.False(settled.Contains(999_999));
    }

    [Fact]
    public void TryAdd_TheEndsOfTheRange_AreNoSpecialCase()
    {
        var settled = new SettledSequences(new GapBudget(long.MaxValue));
        Assert.All((ulong[])[ulong.MaxValue, ulong.MaxValue - 1, 1], sequence => Assert.True(settled.TryAdd(sequence)));

        Assert.All((ulong[])[ulong.MaxValue, ulong.MaxValue - 1, 1], sequence => Assert.True(settled.Contains(sequence)));
        Assert.False(settled.Contains(2));
        Assert.False(settled.Contains(ulong.MaxValue - 2));
    }

    private static SettledSequences Restored(SettledSequences settled)
    {
        var restored = new SettledSequences(new GapBudget(long.MaxValue));
        restored.Restore(settled.Ranges);
        return restored;
    }
}
