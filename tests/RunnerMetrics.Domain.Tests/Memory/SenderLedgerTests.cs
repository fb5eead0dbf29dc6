using RunnerMetrics.Domain.Memory;

namespace RunnerMetrics.Domain.Tests.Memory;

public class SenderLedgerTests
{
    private static readonly DateTimeOffset Day0 = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void IsSettled_OfTwoSenders_AreTwoAnswers()
    {
        var ledger = new SenderLedger(TimeSpan.FromDays(35), 10);
        ledger.TrySettle("a", 1, Day0);

        Assert.True(ledger.IsSettled("a", 1));
        Assert.False(ledger.IsSettled("b", 1));
        Assert.False(ledger.IsSettled("a", 2));
    }

    [Fact]
    public void Settle_PastTheCapacity_ForgetsTheLongestSilent()
    {
        var ledger = new SenderLedger(TimeSpan.FromDays(35), 100);
        for (var i = 0; i < 1000; i++)
        {
            ledger.TrySettle($"s{i}", 1, Day0.AddMinutes(i));
            Assert.InRange(ledger.Count, 1, 100);
            Assert.True(ledger.IsSettled($"s{i}", 1));
        }

        Assert.All(Enumerable.Range(910, 90), i => Assert.True(ledger.IsSettled($"s{i}", 1), $"s{i} is forgotten."));
    }

    [Fact]
    public void Load_WhatWasSaved_KnowsTheSameAndForgetsWhoIsPastTheHorizon()
    {
        var ledger = new SenderLedger(TimeSpan.FromDays(35), 100);
        ledger.TrySettle("gone", 1, Day0);
        ledger.TrySettle("here", 1, Day0.AddDays(20));
        ledger.TrySettle("here", 3, Day0.AddDays(36));

        var copy = new SenderLedger(TimeSpan.FromDays(35), 100);
        foreach (var (id, lastAt, settled) in ledger.TakeStock())
        {
            copy.Restore(id, lastAt, settled);
        }

        Assert.Equal(1, copy.Count);
        Assert.False(copy.IsSettled("gone", 1));
        Assert.Equal((true, false, true), (copy.IsSettled("here", 1), copy.IsSettled("here", 2), copy.IsSettled("here", 3)));
    }
}
