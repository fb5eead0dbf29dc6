using System.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Runners;

/// <summary>An agent that is started with <c>--once</c> gives up after some seconds, keeps what it has, and is started again.</summary>
internal static class Deliver
{
    /// <summary>Runs it until it has delivered everything.</summary>
    /// <param name="once">Runs it, and gives its exit code and what it said.</param>
    public static async Task AllAsync(Func<Task<(int ExitCode, string Said)>> once)
    {
        var clock = Stopwatch.StartNew();
        var (exitCode, said) = await once();
        while (exitCode != 0 && clock.Elapsed < Patience.Limit)
        {
            (exitCode, said) = await once();
        }

        Assert.True(exitCode == 0, said);
    }

    /// <inheritdoc cref="AllAsync(Func{Task{ValueTuple{int, string}}})"/>
    public static Task AllAsync(Func<Task<int>> once) => AllAsync(async () =>
    {
        var exitCode = await once();
        return (exitCode, $"The agent ended with {exitCode}.");
    });
}
