using System.Diagnostics;
using System.Globalization;
using RunnerMetrics.Grpc;

namespace RunnerMetrics.Benchmarks;

/// <summary>
/// What durability costs a published exporter: acknowledgements beside the raw fsync of the same disk, events a second, and the restart after a
/// million jobs, killed with nearly as long a journal tail as there can be.
/// </summary>
internal static class DurabilityBenchmark
{
    private const int Jobs = 1_000_000;
    private const double LongTail = 31e6; // a snapshot is due at 32 MiB
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string program)
    {
        var data = Directory.CreateTempSubdirectory("runner-metrics-durable-");
        try
        {
            using (var exporter = await ExporterProgram.StartAsync(program, data.FullName))
            {
                await Load.RunAsync(exporter.Collector, callers: 2, batch: 100, Length, report: false);
                foreach (var (callers, batch) in new[] { (1, 1), (16, 1), (256, 1), (1, 100), (4, 100), (4, 1000) })
                {
                    ReportRawFsync(data.FullName);
                    await Load.RunAsync(exporter.Collector, callers, batch, Length, report: true);
                }
            }

            await RestartAsync(program, data.FullName);
            return 0;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static void ReportRawFsync(string folder)
    {
        var path = Path.Combine(folder, "raw-fsync");
        var times = new List<double>();
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            var bytes = new byte[300];
            for (var i = 0; i < 300; i++)
            {
                var start = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, bytes, i * bytes.Length);
                RandomAccess.FlushToDisk(file);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        File.Delete(path);
        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"raw write and fsync of 300 bytes: median {times[150]:F2} ms, p99 {times[297]:F2} ms"));
    }

    private static async Task RestartAsync(string program, string data)
    {
        double before;
        using (var exporter = await ExporterProgram.StartAsync(program, data))
        {
            using var channel = new GrpcChannel(exporter.Collector);
            var batches = Enumerable.Range(0, 8).Select(_ => new EventBatches()).ToArray();
            do
            {
                await Task.WhenAll(batches.Select(sender => channel.CallAsync(EventBatches.ReportEvents, sender.Next(500), TimeSpan.FromSeconds(20), CancellationToken.None)));
                before = await exporter.SumAsync("github_runner_jobs_total");
            }
            while (before < Jobs || await exporter.SumAsync("runner_metrics_journal_bytes") < LongTail);
            Console.WriteLine($"{before:F0} jobs: resident {exporter.ResidentMegabytes} MB, data folder {FolderMegabytes(data)} MB; killed");
        }

        for (var i = 0; i < 3; i++)
        {
            var clock = Stopwatch.StartNew();
            using var exporter = await ExporterProgram.StartAsync(program, data);
            var ready = clock.Elapsed;
            var after = await exporter.SumAsync("github_runner_jobs_total");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"restarted: ready after {ready.TotalSeconds:F2} s with {after:F0} jobs{(after == before ? "" : ", WHICH IS WRONG")}, resident {exporter.ResidentMegabytes} MB; killed"));
        }
    }

    private static long FolderMegabytes(string folder) => new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length) / 1_000_000;
}
