namespace RunnerMetrics.Simulator.Tests;

/// <summary>A clock on which waiting takes no time, and which does something when it comes to a moment.</summary>
/// <param name="start">What it shows first.</param>
/// <param name="at">The moment.</param>
/// <param name="act">What happens then.</param>
/// <param name="ends">Whether that ends whatever was waited for then; if not, waiting continues.</param>
internal sealed class ScriptedClock(DateTimeOffset start, DateTimeOffset at, Action act, bool ends) : TimeProvider
{
    private DateTimeOffset _now = start;
    private bool _acted;

    public override DateTimeOffset GetUtcNow() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (!_acted && _now + dueTime >= at)
        {
            _acted = true;
            var until = _now + dueTime;
            _now = at;
            act();
            if (ends)
            {
                return new NoTimer();
            }

            _now = until;
            callback(state);
        }
        else if (dueTime >= TimeSpan.Zero)
        {
            _now += dueTime;
            callback(state);
        }

        return new NoTimer();
    }

    private sealed class NoTimer : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
