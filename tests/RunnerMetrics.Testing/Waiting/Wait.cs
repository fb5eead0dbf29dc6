using System.Diagnostics;

namespace RunnerMetrics.Testing;

/// <summary>Waits for a condition, never for a time.</summary>
public static class Wait
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until something is so.</summary>
    /// <param name="isTrue">Looks.</param>
    /// <param name="what">What is waited for.</param>
    public static Task UntilAsync(Func<bool> isTrue, string what) => UntilAsync(() => Task.FromResult(isTrue()), what);

    /// <inheritdoc cref="UntilAsync(Func{bool}, string)"/>
    public static Task UntilAsync(Func<Task<bool>> isTrue, string what) =>
        UntilAsync(isTrue, () => $"It still does not hold that {what}.", TestContext.Current.CancellationToken);

    /// <summary>Waits until something is so.</summary>
    /// <param name="isTrue">Looks.</param>
    /// <param name="state">Says what is so instead, where patience runs out.</param>
    /// <param name="cancelled">Gives up.</param>
    public static Task UntilAsync(Func<Task<bool>> isTrue, Func<string> state, CancellationToken cancelled) =>
        UntilAsync(isTrue, () => Task.FromResult(state()), cancelled);

    /// <inheritdoc cref="UntilAsync(Func{Task{bool}}, Func{string}, CancellationToken)"/>
    public static async Task UntilAsync(Func<Task<bool>> isTrue, Func<Task<string>> state, CancellationToken cancelled)
    {
        var clock = Stopwatch.StartNew();
        while (!await isTrue())
        {
            if (clock.Elapsed > Patience.Limit)
            {
                Assert.Fail($"Not so within {Patience.Limit.TotalSeconds:F0} s. {await state()}");
            }

            await Task.Delay(BetweenLooks, cancelled);
        }
    }
}
