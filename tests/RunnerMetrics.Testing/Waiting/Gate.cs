namespace RunnerMetrics.Testing;

/// <summary>Holds a thread of the product's inside a synchronous call, an fsync for example, until the test lets it continue.</summary>
public sealed class Gate : IDisposable
{
    private readonly SemaphoreSlim _comers = new(0);
    private readonly SemaphoreSlim _places = new(0);

    /// <summary>Called by the product: blocks until there is a place.</summary>
    public void Pass()
    {
        _comers.Release();
#pragma warning disable RS0030 // The one place where a thread is held on purpose: it is not the test's.
        _places.Wait(Patience.Limit, TestContext.Current.CancellationToken);
#pragma warning restore RS0030
    }

    /// <summary>Waits until one more caller stands at the gate.</summary>
    public async Task ComesAsync()
    {
        using var limit = Patience.LimitedBy(TestContext.Current.CancellationToken);
        await _comers.WaitAsync(limit.Token);
    }

    /// <summary>Lets everybody pass, those who stand there and those who come.</summary>
    public void Open() => _places.Release(1_000_000);

    /// <summary>Opens: whoever stands there would stand there for ever.</summary>
    public void Dispose()
    {
        Open();
    }
}
