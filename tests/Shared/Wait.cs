using System.Diagnostics;

namespace RunnerMetrics.Testing;

/// <summary>Waits for a condition, never for a time.</summary>
internal static class Wait
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until something is so.</summary>
    /// <param name="isTrue">Looks.</param>
    /// <param name="state">Says what is so instead, where patience runs out.</param>
    /// <param name="cancelled">Gives up.</param>
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

    /// <inheritdoc cref="UntilAsync(Func{Task{bool}}, Func{Task{string}}, CancellationToken)"/>
    public static Task UntilAsync(Func<Task<bool>> isTrue, Func<string> state, CancellationToken cancelled) =>
        UntilAsync(isTrue, () => Task.FromResult(state()), cancelled);
}
