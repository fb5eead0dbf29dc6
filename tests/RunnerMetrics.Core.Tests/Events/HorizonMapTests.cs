using System.Globalization;
using RunnerMetrics.Core.Events;
using RunnerMetrics.Core.Tests.Support;

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

        var copy = new HorizonMap<int>(35, 100);
        Saved.Load(writer => map.Save(writer, (w, value) => w.Write(value)), reader => copy.Load(reader, r => r.ReadInt32()));
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
}
