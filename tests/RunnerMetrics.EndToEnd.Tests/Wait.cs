using System.Diagnostics;

namespace RunnerMetrics.EndToEnd.Tests;

/// <summary>Waits for a condition, never for a time.</summary>
internal static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static async Task UntilAsync(Func<Task<bool>> isTrue, Func<string> state, CancellationToken cancelled)
    {
        var clock = Stopwatch.StartNew();
        while (!await isTrue())
        {
            Assert.True(clock.Elapsed < Limit, $"Not so within {Limit.TotalSeconds:F0} s. {state()}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancelled);
        }
    }
}
