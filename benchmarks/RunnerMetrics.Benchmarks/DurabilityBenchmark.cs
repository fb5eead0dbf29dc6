using System.Diagnostics;
using System.Globalization;

namespace RunnerMetrics.Benchmarks;

/// <summary>
/// What durability costs a published exporter: acknowledgements beside the raw fsync of the same disk, and events a second; both again with
/// 10 ms added to every fsync.
/// </summary>
internal static class DurabilityBenchmark
{
    private static readonly TimeSpan SlowDisk = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string program)
    {
        await RunAsync(program, TimeSpan.Zero);
        if (!File.Exists("/usr/bin/strace"))
        {
            Console.WriteLine("With a slower disk: not measured, because there is no strace, which injects the delay.");
            return 0;
        }

        Console.WriteLine($"With {SlowDisk.TotalMilliseconds} ms added to every fsync:");
        await RunAsync(program, SlowDisk);
        return 0;
    }

    private static async Task RunAsync(string program, TimeSpan syncDelay)
    {
        var data = Directory.CreateTempSubdirectory("runner-metrics-durable-");
        try
        {
            using var exporter = await ExporterProgram.StartAsync(program, data.FullName, syncDelay);
            await Load.RunAsync(exporter.Collector, callers: 2, batch: 100, Length);
            foreach (var (callers, batch) in new[] { (1, 1), (16, 1), (256, 1), (1, 100), (4, 100), (4, 1000) })
            {
                ReportRawFsync(data.FullName);
                Console.WriteLine(await Load.RunAsync(exporter.Collector, callers, batch, Length));
            }
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    /// <summary>The median of writing 300 bytes and one fsync in a folder, in milliseconds.</summary>
    public static double RawFsync(string folder) => MeasureRawFsync(folder)[150];

    private static void ReportRawFsync(string folder)
    {
        var times = MeasureRawFsync(folder);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"raw write and fsync of 300 bytes: median {times[150]:F2} ms, p99 {times[297]:F2} ms"));
    }

    private static List<double> MeasureRawFsync(string folder)
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
        return times;
    }
}
