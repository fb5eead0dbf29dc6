using System.Globalization;
using RunnerMetrics.Domain.Memory;

namespace RunnerMetrics.Domain.Tests.Memory;

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
    public void TryAdd_RandomHistory_AgreesWithADictionary()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var random = new Random(seed);
            var map = new HorizonMap<int>(2, 100_000);
            var model = new Dictionary<int, (int Value, DateTimeOffset At)>();
            var latest = Day0;
            for (var i = 0; i < 2000; i++)
            {
                var (number, at) = (random.Next(400), Day0.AddMinutes((3 * i) + random.Next(-600, 1)));
                latest = at > latest ? at : latest;
                foreach (var old in model.Where(m => Hour(m.Value.At) < Hour(latest) - 48).Select(m => m.Key).ToList())
                {
                    model.Remove(old);
                }

                Assert.Equal(model.TryAdd(number, (i, at)), map.TryAdd(Key(number), i, at));
                if (i % 500 == 250)
                {
                    map = Restored(map, new HorizonMap<int>(2, 100_000));
                }
            }

            Assert.Equal(model.Count, map.Count);
            Assert.All(Enumerable.Range(0, 400), number =>
                Assert.Equal(model.TryGetValue(number, out var kept) ? kept.Value : null, map.TryGet(Key(number), out var value) ? value : (int?)null));
        }
    }

    [Fact]
    public void Load_ManyKeys_TakesAsManyStepsAsThereAre()
    {
        var map = new HorizonMap<int>(2, 1_000_000);
        for (var i = 0; i < 300_000; i++)
        {
            map.TryAdd(new UInt128((ulong)i, (ulong)i * 0x9E3779B97F4A7C15), i, Day0);
        }

        // In a table that grew while it is loaded, this would take minutes.
        var restored = Restored(map, new HorizonMap<int>(2, 1_000_000));
        Assert.Equal(300_000, restored.Count);
        Assert.True(restored.TryGet(new UInt128(299_999, unchecked(299_999UL * 0x9E3779B97F4A7C15)), out var value) && value == 299_999);
    }

    [Fact]
    public void TryAdd_YearsLater_ForgetsEverythingBefore()
    {
        var map = new HorizonMap<int>(35, 100);
        map.TryAdd(Key(1), 1, Day0);
        map.TryAdd(Key(2), 2, Day0.AddYears(30));

        Assert.Equal(1, map.Count);
        Assert.False(map.TryGet(Key(1), out _));
        Assert.True(map.TryGet(Key(2), out var value) && value == 2);
    }

    [Fact]
    public void TryAdd_MuchAtOnce_StaysWithinTheCapacityOnceHoursPass()
    {
        var map = new HorizonMap<int>(35, 1000);
        for (var i = 0; i < 20_000; i++)
        {
            map.TryAdd(Key(i), i, Day0.AddMinutes(i));
            Assert.InRange(map.Count, 0, 1000);
        }

        Assert.InRange(map.Count, 850, 1000);
        Assert.True(map.TryGet(Key(19_999), out _));
    }

    [Fact]
    public void TryAdd_PastTheCapacityWithinOneDay_ForgetsTheOldestOfThatDay()
    {
        var map = new HorizonMap<int>(35, 100);
        for (var i = 0; i < 1000; i++)
        {
            map.TryAdd(Key(i), i, Day0);
            Assert.InRange(map.Count, 1, 100);
            Assert.True(map.TryGet(Key(i), out _));
        }

        Assert.All(Enumerable.Range(910, 90), i => Assert.True(map.TryGet(Key(i), out _), $"{i} is forgotten."));
        Assert.False(map.TryGet(Key(0), out _));
    }

    [Fact]
    public void Load_WhatWasSaved_RemembersAndForgetsTheSame()
    {
        var map = new HorizonMap<int>(35, 100);
        for (var day = 0; day < 30; day++)
        {
            map.TryAdd(Key(day), day, Day0.AddDays(day));
        }

        var copy = Restored(map, new HorizonMap<int>(35, 100));
        foreach (var each in new[] { map, copy })
        {
            each.TryAdd(Key(40), 40, Day0.AddDays(40));
            Assert.Equal(26, each.Count);
            Assert.False(each.TryGet(Key(4), out _));
            Assert.True(each.TryGet(Key(5), out var five));
            Assert.Equal(5, five);
        }
    }

    [Fact]
    public void KeyOf_LongText_DependsOnItsEnd() =>
        Assert.NotEqual(HorizonMap<int>.KeyOf(new string('x', 2000) + "a"), HorizonMap<int>.KeyOf(new string('x', 2000) + "b"));

    private static long Hour(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerHour;

    private static HorizonMap<int> Restored(HorizonMap<int> map, HorizonMap<int> copy)
    {
        copy.Restore(map.LatestHour, map.Count, map.Buckets);
        foreach (var (key, bucketId, value) in map.Entries)
        {
            copy.Restore(key, bucketId, value);
        }

        return copy;
    }
}
