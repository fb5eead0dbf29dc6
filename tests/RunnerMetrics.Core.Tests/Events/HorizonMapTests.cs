using System.Globalization;
using RunnerMetrics.Core.Events;

namespace RunnerMetrics.Core.Tests.Events;

public class HorizonMapTests
{
    private static readonly DateTimeOffset Day0 = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    private static UInt128 Key(int number) => HorizonMap<int>.KeyOf(number.ToString(CultureInfo.InvariantCulture));

    [Fact]
    public void TryAdd_KnownKey_IsRefusedAndKeepsTheValue()
    {
        var map = new HorizonMap<int>(35, 100);
        Assert.True(map.TryAdd(Key(1), 7, Day0));
        Assert.False(map.TryAdd(Key(1), 8, Day0.AddDays(1)));

        Assert.True(map.TryGet(Key(1), out var value));
        Assert.Equal(7, value);
    }

    [Fact]
    public void TryAdd_BeyondTheHorizon_ForgetsTheOldDaysAndNoOther()
    {
        var map = new HorizonMap<int>(35, 1000);
        for (var day = 0; day <= 40; day++)
        {
            map.TryAdd(Key(day), day, Day0.AddDays(day));
        }

        Assert.Equal(36, map.Count);
        Assert.False(map.TryGet(Key(4), out _));
        Assert.True(map.TryGet(Key(5), out _));
    }

    [Fact]
    public void TryAdd_LateEvents_ForgetNothingWithinTheHorizon()
    {
        var map = new HorizonMap<int>(35, 1000);
        map.TryAdd(Key(40), 0, Day0.AddDays(40));
        map.TryAdd(Key(5), 0, Day0.AddDays(5));
        map.TryAdd(Key(39), 0, Day0.AddDays(39));

        Assert.Equal(3, map.Count);
    }

    [Fact]
    public void TryAdd_PastTheCapacity_ForgetsTheOldestDayFirst()
    {
        var map = new HorizonMap<int>(35, 10);
        for (var i = 0; i < 12; i++)
        {
            map.TryAdd(Key(i), i, Day0.AddDays(i / 4));
        }

        Assert.InRange(map.Count, 1, 10);
        Assert.False(map.TryGet(Key(0), out _));
        Assert.True(map.TryGet(Key(11), out _));
    }

    [Fact]
    public void KeyOf_LongText_DependsOnItsEnd() =>
        Assert.NotEqual(HorizonMap<int>.KeyOf(new string('x', 2000) + "a"), HorizonMap<int>.KeyOf(new string('x', 2000) + "b"));
}
