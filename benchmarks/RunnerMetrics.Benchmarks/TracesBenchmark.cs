using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace RunnerMetrics.Benchmarks;

/// <summary>
/// What traces cost a published exporter: one that sends them, to a collector in this process that takes everything, and one that does not, in turn. First 1,000 jobs a minute as GitHub's webhooks report
/// them, then agents' events as fast as they are acknowledged. Prints the rows of two tables.
/// </summary>
internal static class TracesBenchmark
{
    private const int PacedRounds = 3, Rounds = 5, JobsAMinute = 1000, Steps = 8;

    private static readonly TimeSpan FullSpeed = TimeSpan.FromSeconds(5), TimeToDrain = TimeSpan.FromSeconds(3);

    public static async Task<int> RunAsync(string program, TimeSpan length)
    {
        var folder = Directory.CreateTempSubdirectory("runner-metrics-traces-");
        await using var collector = await StartCollectorAsync();
        try
        {
            var secret = Path.Combine(folder.FullName, "secret");
            await File.WriteAllTextAsync(secret, SignedWebhook.Secret);
            using var without = await ExporterProgram.StartAsync(program, Path.Combine(folder.FullName, "without"), webhookSecretFile: secret);
            using var with = await ExporterProgram.StartAsync(program, Path.Combine(folder.FullName, "with"), webhookSecretFile: secret, otlp: new Uri(collector.Urls.Single()));
            ExporterProgram[] exporters = [without, with];

            Console.WriteLine("| 1,000 jobs a minute | answer, median | answer, p99 | CPU time | refused |\n|---|---|---|---|---|");
            await Task.WhenAll(exporters.Select(exporter => PacedAsync(exporter, TimeSpan.FromSeconds(2))));
            for (var round = 1; round <= PacedRounds; round++)
            {
                foreach (var (exporter, name) in exporters.Zip((string[])["without", "with"]))
                {
                    var figures = await PacedAsync(exporter, length);
                    Console.WriteLine($"| round {round}, {name} traces | {figures} |");
                }
            }

            Console.WriteLine($"\nLoad average {LoadAverage}\n\n| events at full speed, 4 x 100 | without traces | with traces | ratio |\n|---|---|---|---|");
            await Task.WhenAll(exporters.Select(exporter => Load.RunAsync(exporter.Collector, callers: 4, batch: 100, FullSpeed)));
            var rates = new List<double>[] { [], [] };
            for (var round = 1; round <= Rounds; round++)
            {
                // What waits for the collector is no part of the next one's time, and neither is always the first.
                foreach (var side in round % 2 == 0 ? (int[])[1, 0] : [0, 1])
                {
                    await Task.Delay(TimeToDrain);
                    rates[side].Add((await Load.RunAsync(exporters[side].Collector, callers: 4, batch: 100, FullSpeed)).EventsPerSecond);
                }

                Row($"round {round}", rates[0][^1], rates[1][^1]);
            }

            Row("median", Median(rates[0]), Median(rates[1]));
            var dropped = await with.SumAsync("runner_metrics_dropped_spans_total");
            Console.WriteLine($"\n{dropped} spans dropped; load average {LoadAverage}");
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string LoadAverage => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    private static void Row(string name, double without, double with) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {without:F0}/s | {with:F0}/s | {with / without:F2} |"));

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    // Each job is queued, runs and ends: three deliveries, spread evenly over its share of a minute.
    private static async Task<string> PacedAsync(ExporterProgram exporter, TimeSpan length)
    {
        using var http = new HttpClient { BaseAddress = exporter.Http };
        var (use, clock, latencies, refused) = (exporter.Use(), Stopwatch.StartNew(), new List<double>(), 0);
        var (deliveries, firstJob) = ((int)(length.TotalMinutes * JobsAMinute * 3), Stopwatch.GetTimestamp());
        for (var i = 0; i < deliveries; i++)
        {
            var due = TimeSpan.FromMinutes(i / (3.0 * JobsAMinute));
            await Task.Delay(due > clock.Elapsed ? due - clock.Elapsed : TimeSpan.Zero);
            var body = SignedWebhook.WorkflowJob(((string[])["queued", "in_progress", "completed"])[i % 3], firstJob + (i / 3), $"runner-{i / 3 % 100}", Steps);
            var start = clock.Elapsed;
            refused += await SignedWebhook.SendAsync(http, body) ? 0 : 1;
            latencies.Add((clock.Elapsed - start).TotalMilliseconds);
        }

        latencies.Sort();
        return string.Create(
            CultureInfo.InvariantCulture, $"{latencies[latencies.Count / 2]:F2} ms | {latencies[latencies.Count * 99 / 100]:F2} ms | {use.Processor * 100:F1} % of a core | {refused}");
    }

    private static async Task<WebApplication> StartCollectorAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var collector = builder.Build();
        collector.Run(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentType = "application/x-protobuf";
        });
        await collector.StartAsync();
        return collector;
    }
}
