namespace RunnerMetrics.Metrics;

/// <summary>A series that many threads change at once, in a <see cref="Recording"/>.</summary>
public abstract class ConcurrentSeries
{
    private protected ConcurrentSeries()
    {
    }

    /// <summary>Moves what one side holds into the series that is shown, and empties it; nothing is recorded on that side meanwhile.</summary>
    internal abstract void Settle(int side);
}
