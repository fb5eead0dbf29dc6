using System.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Runners;

/// <summary>An agent that is started with <c>--once</c> gives up after some seconds, keeps what it has, and is started again.</summary>
internal static class Deliver
{
    /// <summary>Runs it until it has delivered everything.</summary>
    /// <param name="once">Runs it to its end.</param>
    public static async Task AllAsync(Func<Task<ProcessRun>> once)
    {
        var clock = Stopwatch.StartNew();
        var run = await once();
        while (run.ExitCode != 0 && clock.Elapsed < Patience.Limit)
        {
            run = await once();
        }

        Assert.True(run.ExitCode == 0, $"The agent ended with {run.ExitCode}. {run.Said}");
    }

    /// <inheritdoc cref="AllAsync(Func{Task{ProcessRun}})"/>
    public static Task AllAsync(Func<Task<int>> once) => AllAsync(async () => new ProcessRun(await once(), "", ""));
}
