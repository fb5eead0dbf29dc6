using Microsoft.Extensions.Time.Testing;

namespace RunnerMetrics.Testing;

/// <summary>A clock that stands still until a test moves it, and that knows how many timers wait on it.</summary>
public sealed class ManualTimeProvider(DateTimeOffset start) : FakeTimeProvider(start)
{
    private int _waiting;

    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero))
    {
    }

    /// <summary>How many timers wait on it.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new CountedTimer(this, callback, state);
        timer.Start(base.CreateTimer(timer.Fire, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), dueTime, period);
        return timer;
    }

    /// <summary>
    /// Moves the clock no faster than those keep up who wait on it: what fired has its work to do before it waits again, and a clock that runs on meanwhile would pass deadlines
    /// that belong to a busy machine.
    /// </summary>
    /// <param name="by">How far.</param>
    /// <param name="isDone">Whether nobody has to keep up any more.</param>
    public async Task AdvanceAsync(TimeSpan by, Func<bool> isDone)
    {
        var before = Waiting;
        Advance(by);

        // Whoever does not wait again, a deadline that has passed for example, is not waited for long.
        for (var look = 0; look < 200 && Waiting < before && !isDone(); look++)
        {
            await Task.Delay(5);
        }
    }

    private sealed class CountedTimer(ManualTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        private ITimer? _timer;
        private bool _isPeriodic;
        private int _waits;

        public void Start(ITimer timer, TimeSpan dueTime, TimeSpan period)
        {
            _timer = timer;
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _isPeriodic = period > TimeSpan.Zero;
            Count(waits: dueTime >= TimeSpan.Zero);
            return _timer!.Change(dueTime, period);
        }

        public void Fire(object? _)
        {
            if (!_isPeriodic)
            {
                Count(waits: false);
            }

            callback(state);
        }

        public void Dispose()
        {
            Count(waits: false);
            _timer!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Count(bool waits)
        {
            var now = waits ? 1 : 0;
            Interlocked.Add(ref clock._waiting, now - Interlocked.Exchange(ref _waits, now));
        }
    }
}
