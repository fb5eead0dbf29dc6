namespace RunnerMetrics.Benchmarks;

/// <summary>Events a second over real gRPC from another process, kept in memory only: what the path costs without a disk.</summary>
internal static class IngestBenchmark
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync()
    {
        var bytes = Path.Combine(Path.GetTempPath(), $"runner-metrics-bench-{Environment.ProcessId}.txt");
        try
        {
            using var server = BenchmarkServer.Spawn(runners: 100, bytes);
            var collector = new Uri((await server.AskAsync()).Split(' ')[3]);
            await Load.RunAsync(collector, callers: 2, batch: 100, Length);
            foreach (var (callers, batch) in new[] { (1, 1), (16, 1), (200, 1), (1, 100), (4, 100), (4, 1000) })
            {
                Console.WriteLine(await Load.RunAsync(collector, callers, batch, Length));
            }

            return 0;
        }
        finally
        {
            File.Delete(bytes);
        }
    }
}
