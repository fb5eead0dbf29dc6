namespace RunnerMetrics.Simulator.Running;

/// <summary>A runner's past, written in no time: what a <c>_diag</c> folder holds after many jobs.</summary>
public static class SimulatedHistory
{
    /// <summary>Writes the logs of a runner that ran jobs one after another, idle times between them, and was then stopped.</summary>
    /// <param name="folder">The <c>_diag</c> folder. A job takes about 80 kB.</param>
    /// <param name="jobs">How many jobs.</param>
    /// <param name="start">When the runner started.</param>
    /// <param name="seed">The same seed writes the same files.</param>
    /// <param name="runnerName">The runner's name.</param>
    /// <param name="runnerType">One of <c>standard</c>, <c>chrome</c>, <c>chrome-go</c>.</param>
    /// <param name="pageBytes">The size of a page of the logs in bytes; the runner's own is 8 MB.</param>
    /// <returns>What it did, in order.</returns>
    /// <exception cref="IOException">The logs cannot be written.</exception>
    public static IReadOnlyList<SimulatedJob> Write(
        string folder,
        int jobs,
        DateTimeOffset start,
        int seed,
        string runnerName = "history-1",
        string runnerType = "standard",
        int pageBytes = 8 * 1024 * 1024)
    {
        var options = new SimulatorOptions
        {
            DiagDirectory = folder,
            RunnerName = runnerName,
            RunnerType = runnerType,
            Seed = seed,
            Jobs = jobs,
            PageBytes = pageBytes,
            FlushesEachLine = false,
        };
        var did = new List<SimulatedJob>(jobs);
        var runner = new SimulatedRunner(options, new HistoryClock(start)) { OnJobFinished = did.Add };

        // On this clock nothing is ever waited for: the task is complete when it is returned.
#pragma warning disable RS0030
        runner.RunAsync(CancellationToken.None).GetAwaiter().GetResult();
#pragma warning restore RS0030
        return did;
    }
}
