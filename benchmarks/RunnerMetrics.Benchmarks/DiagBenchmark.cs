using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Simulator.Running;

namespace RunnerMetrics.Benchmarks;

/// <summary>
/// Reads a long history of one runner's logs as <c>run --once</c> does, and beside it, in turns, does the least that anybody has to do with
/// them: reads the bytes and counts the lines; and what a simple program would: <see cref="File.ReadLines(string)"/>.
/// </summary>
internal static class DiagBenchmark
{
    private const int Rounds = 15;

    // A program's first seconds run as code that is not optimised yet: the first round is shown by itself.
    private const int WarmUp = 6;
    private const int BytesOfAJob = 80_000;

    public static Task<int> RunAsync(int megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("runner-metrics-bench-").FullName;
        try
        {
            var jobs = Math.Max(1, megabytes * 1_000_000 / BytesOfAJob);
            var did = SimulatedHistory.Write(folder, jobs, new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero), seed: 1);
            var files = Directory.GetFiles(folder);
            var bytes = files.Sum(file => new FileInfo(file).Length);
            var lines = files.Sum(CountLines);
            Console.WriteLine(Text($"{jobs} jobs, {files.Length} files, {bytes / 1e6:F1} MB, {lines:N0} lines"));
            List<double> agent = [], count = [], readLines = [];
            long allocated = 0;
            for (var round = 0; round < Rounds; round++)
            {
                count.Add(Time(() => files.Sum(CountLines)));
                readLines.Add(Time(() => files.Sum(file => File.ReadLines(file).LongCount())));
                var before = GC.GetTotalAllocatedBytes(precise: true);
                agent.Add(Time(() => Read(folder, did.Count)));
                allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            }

            Show("agent", agent, bytes, lines);
            Show("bare count of lines", count, bytes, lines);
            Show("File.ReadLines", readLines, bytes, lines);
            Console.WriteLine(Text($"the agent takes {Median(agent) / Median(count):F2} x the bare count, {Median(agent) / Median(readLines):F2} x File.ReadLines"));
            Console.WriteLine(Text($"allocated by the agent: {allocated / 1e6:F1} MB, {(double)allocated / lines:F1} bytes a line, {allocated / 1024.0 / did.Count:F1} KiB a job"));
            return Task.FromResult(0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static long Read(string folder, int jobs)
    {
        using var tail = new DiagTail(folder, "history-1", null, TimeProvider.System, NullLogger.Instance);
        var events = new List<DiagEvent>();
        var ended = 0;
        bool more;
        do
        {
            more = tail.Read(events, 1000, final: true);
            ended += events.Count(told => told is JobEnded);
            events.Clear();
        }
        while (more);
        return ended == jobs ? ended : throw new InvalidOperationException($"{ended} of {jobs} jobs were found.");
    }

    private static long CountLines(string file)
    {
        var buffer = new byte[64 * 1024];
        using var handle = File.OpenHandle(file, options: FileOptions.SequentialScan);
        long lines = 0, at = 0;
        for (int read; (read = RandomAccess.Read(handle, buffer, at)) > 0; at += read)
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return lines;
    }

    private static double Time(Func<long> work)
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }

    private static void Show(string what, List<double> times, long bytes, long lines) =>
        Console.WriteLine(Text($"{what,-20} {bytes / 1e6 / Median(times),7:F0} MB/s {lines / Median(times) / 1e6,7:F2} M lines/s; in the program's first seconds {bytes / 1e6 / times[0]:F0} MB/s"));

    private static double Median(List<double> times) => times.Skip(WarmUp).Order().ElementAt((times.Count - WarmUp) / 2);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
