using RunnerMetrics.Agent.Spool;

namespace RunnerMetrics.Agent.Tests.Spool;

public class SequenceSetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Add_AnyOrder_HoldsWhatASetHolds(int seed)
    {
        var random = new Random(seed);
        var ranges = new SequenceSet();
        var all = new HashSet<ulong>();
        for (var i = 0; i < 300; i++)
        {
            var first = (ulong)random.Next(200);
            var last = first + (ulong)random.Next(3);
            ranges.Add(first, last);
            for (var at = first; at <= last; at++)
            {
                all.Add(at);
            }

            Assert.All(Enumerable.Range(0, 205), n => Assert.Equal(all.Contains((ulong)n), ranges.Contains((ulong)n)));
            Assert.Equal(all.Count, ranges.Ranges.Sum(r => (int)(r.Last - r.First) + 1));
            Assert.All(ranges.Ranges.Zip(ranges.Ranges.Skip(1)), pair => Assert.True(pair.First.Last + 1 < pair.Second.First));
        }
    }
}
