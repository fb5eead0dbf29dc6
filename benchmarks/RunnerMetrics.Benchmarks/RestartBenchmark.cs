using System.Diagnostics;
using System.Globalization;
using Grpc.Net.Client;

namespace RunnerMetrics.Benchmarks;

/// <summary>
/// The restart of a published exporter after a million jobs, killed with nearly as long a journal tail as there can be, beside a bare read of the
/// same files.
/// </summary>
internal static class RestartBenchmark
{
    private const int Jobs = 1_000_000;
    private const double LongTail = 31e6; // a snapshot is due at 32 MiB

    public static async Task<int> RunAsync(string program)
    {
        var data = Directory.CreateTempSubdirectory("runner-metrics-restart-");
        try
        {
            var before = await FillAsync(program, data.FullName);
            for (var i = 0; i < 5; i++)
            {
                ReportBareRead(data);
                await RestartAsync(program, data.FullName, before);
            }

            return 0;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task<double> FillAsync(string program, string data)
    {
        using var exporter = await ExporterProgram.StartAsync(program, data);
        using var channel = GrpcChannel.ForAddress(exporter.Collector);
        var batches = Enumerable.Range(0, 8).Select(_ => new EventBatches()).ToArray();
        double jobs;
        do
        {
            await Task.WhenAll(batches.Select(sender => channel.ReportAsync(sender.Next(500))));
            jobs = await exporter.SumAsync("github_runner_jobs_total");
        }
        while (jobs < Jobs || await exporter.SumAsync("runner_metrics_journal_bytes") < LongTail);
        var megabytes = new DirectoryInfo(data).EnumerateFiles().Sum(file => file.Length) / 1_000_000;
        Console.WriteLine($"{jobs:F0} jobs: resident {exporter.ResidentMegabytes} MB, data folder {megabytes} MB; killed");
        return jobs;
    }

    private static async Task RestartAsync(string program, string data, double before)
    {
        var clock = Stopwatch.StartNew();
        using var exporter = await ExporterProgram.StartAsync(program, data);
        var (ready, processor) = (clock.Elapsed, exporter.ProcessorTime);
        var after = await exporter.SumAsync("github_runner_jobs_total");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"restarted: ready after {ready.TotalSeconds:F2} s and {processor.TotalSeconds:F2} s of processor time with {after:F0} jobs{(after == before ? "" : ", WHICH IS WRONG")}, resident {exporter.ResidentMegabytes} MB; killed"));
    }

    private static void ReportBareRead(DirectoryInfo data)
    {
        var clock = Stopwatch.StartNew();
        var sum = 0L;
        foreach (var file in data.EnumerateFiles())
        {
            foreach (var b in File.ReadAllBytes(file.FullName))
            {
                sum += b;
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bare read: {clock.Elapsed.TotalSeconds:F2} s (sum {sum})"));
    }
}
