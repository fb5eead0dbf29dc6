namespace RunnerMetrics.Metrics;

/// <summary>
/// The lock of a registry. Whoever changes several series that belong together holds it for all of them, so that one scrape shows one moment.
/// </summary>
/// <remarks>It is a value, so that <c>lock</c>, which would hold something else, does not compile. A series that is changed without it throws, so code that forgets the gate fails in its first test instead of tearing a scrape.</remarks>
public readonly struct MetricGate
{
    private readonly Lock _lock;

    internal MetricGate(Lock @lock) => _lock = @lock;

    /// <summary>Waits for the gate and holds it until the result is disposed of. A thread that holds it may enter again.</summary>
    public Lock.Scope Enter() => _lock.EnterScope();

    /// <summary>Whether the calling thread holds it.</summary>
    public bool IsHeld => _lock.IsHeldByCurrentThread;

    /// <summary>For what must not run without the gate.</summary>
    /// <exception cref="InvalidOperationException">The calling thread does not hold it.</exception>
    internal void Demand()
    {
        if (!_lock.IsHeldByCurrentThread)
        {
            throw new InvalidOperationException("A metric was changed outside its registry's gate. Wrap the change in 'using (registry.Gate.Enter())'.");
        }
    }
}
