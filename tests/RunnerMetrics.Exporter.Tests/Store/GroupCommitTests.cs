using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Store;

/// <summary>Who shares an fsync with whom, on a disk and a clock that a test moves.</summary>
public sealed class GroupCommitTests : IDisposable
{
    private readonly ManualTimeProvider _time = new(AgentEvents.Now);
    private readonly TemporaryFolder _folder = new();
    private readonly Gate _fsync = new();
    private int _syncs;

    public void Dispose()
    {
        _fsync.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Submit_WhileAnFsyncRuns_SharesTheNextOne()
    {
        await using var rig = Start(syncTakes: TimeSpan.Zero);
        var first = rig.SubmitAsync(Job(1));
        await _fsync.ComesAsync();
        var others = Enumerable.Range(2, 20).Select(number => rig.SubmitAsync(Job(number))).ToArray();
        _fsync.Open();
        await first;
        await Task.WhenAll(others);
        Assert.Equal(2, _syncs);
    }

    [Fact]
    public async Task Submit_RightAfterAnAnswerOnASlowDisk_SharesTheFsyncOfThoseWhoWaited()
    {
        await using var rig = Start(syncTakes: TimeSpan.FromMilliseconds(20));
        var first = rig.SubmitAsync(Job(1));
        await _fsync.ComesAsync();
        var second = rig.SubmitAsync(Job(2));
        _fsync.Open();
        await first;
        var third = rig.SubmitAsync(Job(3));
        await Task.WhenAll(second, third).WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(2, _syncs);
    }

    [Fact]
    public async Task Submit_BeforeTheLoopLooksAgain_IsExpectedOnce()
    {
        await using var rig = Start(syncTakes: TimeSpan.FromMilliseconds(20));
        Task? third = null;
        rig.Loop.Committed = _ => third ??= rig.SubmitAsync(Job(3)); // by the first's caller, which has its answer
        var first = rig.SubmitAsync(Job(1));
        await _fsync.ComesAsync();
        var second = rig.SubmitAsync(Job(2));
        _fsync.Open();
        await first;
        await second.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
        await third!.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(2, _syncs);
    }

    [Fact]
    public async Task Submit_NobodyElseComes_IsWrittenAfterAMoment()
    {
        await using var rig = Start(syncTakes: TimeSpan.FromMilliseconds(20));
        var first = rig.SubmitAsync(Job(1));
        await _fsync.ComesAsync();
        var second = rig.SubmitAsync(Job(2));
        _fsync.Open();
        await first;
        await PassUntilAsync(second);
        Assert.Equal([ApplyOutcome.Accepted], await second);
        Assert.Equal(2, _syncs);
    }

    [Fact]
    public async Task Submit_LongAfterTheLastAnswer_WaitsForNobody()
    {
        await using var rig = Start(syncTakes: TimeSpan.FromMilliseconds(20));
        var first = rig.SubmitAsync(Job(1));
        await _fsync.ComesAsync();
        var both = Task.WhenAll(rig.SubmitAsync(Job(2)), rig.SubmitAsync(Job(3)));
        _fsync.Open();
        await first;
        await PassUntilAsync(both);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([ApplyOutcome.Accepted], await rig.SubmitAsync(Job(4)).WaitAsync(Patience.Limit, TestContext.Current.CancellationToken));
    }

    // A group waits for a moment of the test's clock.
    private Task PassUntilAsync(Task written) => Wait.UntilAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            return written.IsCompleted;
        },
        "it is written");

    // From the first commit on, one ends when the test lets it.
    private StoreRig Start(TimeSpan syncTakes)
    {
        var rig = StoreRig.Start(_folder.Path, time: _time);
        rig.Store.Append = () =>
        {
            Interlocked.Increment(ref _syncs);
            _fsync.Pass();
            _time.Advance(syncTakes);
            return null;
        };
        return rig;
    }

    private static Event Job(int job) => AgentEvents.Completed($"e{job}", $"j{job}", runner: AgentEvents.Runner($"r{job}"));
}
