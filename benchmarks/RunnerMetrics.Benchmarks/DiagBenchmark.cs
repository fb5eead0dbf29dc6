using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using RunnerMetrics.Agent;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Simulator.Running;

namespace RunnerMetrics.Benchmarks;

/// <summary>
/// An agent's <c>run --once</c> over a long history of one runner's logs, delivery to an exporter in the same process included; and beside it, in turns,
/// the least that anybody has to do with them: to read the bytes and count the lines; and what a simple program would: <see cref="File.ReadLines(string)"/>.
/// </summary>
internal static class DiagBenchmark
{
    private const int Rounds = 15;

    // A program's first seconds run as code that is not optimised yet: the first round is shown by itself.
    private const int WarmUp = 6;
    private const int BytesOfAJob = 80_000;

    public static async Task<int> RunAsync(int megabytes)
    {
        var folder = Directory.CreateTempSubdirectory("runner-metrics-bench-").FullName;
        var diag = Path.Combine(folder, "_diag");
        await using var exporter = ExporterApplication.Build(
            new ExporterOptions { HttpPort = 0, GrpcPort = 0 }, configure: builder => builder.Logging.ClearProviders());
        await exporter.StartAsync();
        var collector = new Uri(exporter.Urls.Last());
        try
        {
            var jobs = Math.Max(1, megabytes * 1_000_000 / BytesOfAJob);
            var did = SimulatedHistory.Write(diag, jobs, TimeProvider.System.GetUtcNow().AddDays(-30), seed: 1);
            var files = Directory.GetFiles(diag);
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
                agent.Add(await RunAgentAsync(diag, Path.Combine(folder, "spool"), collector));
                allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            }

            Show("agent", agent, bytes, lines);
            Show("bare count of lines", count, bytes, lines);
            Show("File.ReadLines", readLines, bytes, lines);
            Console.WriteLine(Text($"the agent takes {Median(agent) / Median(count):F2} x the bare count, {Median(agent) / Median(readLines):F2} x File.ReadLines"));
            Console.WriteLine(Text($"allocated by the agent: {allocated / 1e6:F1} MB, {(double)allocated / lines:F1} bytes a line, {allocated / 1024.0 / did.Count:F1} KiB a job"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<double> RunAgentAsync(string diag, string spool, Uri collector)
    {
        var options = new AgentOptions
        {
            Diag = diag,
            Spool = spool,
            RunnerName = "history-1",
            RunnerType = "standard",
            Collector = collector,
            Once = true,
        };
        var clock = Stopwatch.StartNew();
        var exitCode = await AgentApplication.RunAsync(options, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None);
        var seconds = clock.Elapsed.TotalSeconds;
        Directory.Delete(spool, recursive: true);
        return exitCode == 0 ? seconds : throw new InvalidOperationException($"the agent ended with {exitCode}");
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
