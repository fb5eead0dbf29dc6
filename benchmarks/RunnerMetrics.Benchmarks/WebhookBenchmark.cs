using System.Diagnostics;
using System.Globalization;

namespace RunnerMetrics.Benchmarks;

/// <summary>Signed <c>workflow_job</c> deliveries to a published exporter, each on disk before it is answered; beside the same machine's durable events over gRPC.</summary>
internal static class WebhookBenchmark
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string program)
    {
        var folder = Directory.CreateTempSubdirectory("runner-metrics-webhooks-");
        try
        {
            var secret = Path.Combine(folder.FullName, "secret");
            await File.WriteAllTextAsync(secret, SignedWebhook.Secret);
            using var exporter = await ExporterProgram.StartAsync(program, Path.Combine(folder.FullName, "data"), webhookSecretFile: secret);
            await RunAsync(exporter.Http, callers: 2, report: false);
            foreach (var callers in new[] { 1, 16, 64 })
            {
                await RunAsync(exporter.Http, callers, report: true);
            }

            Console.WriteLine(await Load.RunAsync(exporter.Collector, callers: 4, batch: 100, Length));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(Uri exporter, int callers, bool report)
    {
        using var http = new HttpClient { BaseAddress = exporter };
        var clock = Stopwatch.StartNew();
        var latencies = new List<double>[callers];
        var refused = 0L;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            latencies[caller] = [];
            var random = new Random(caller);
            while (clock.Elapsed < Length)
            {
                var body = SignedWebhook.WorkflowJob("completed", random.NextInt64(1, 1L << 40), $"runner-{caller}");
                var start = clock.Elapsed;
                var isTaken = await SignedWebhook.SendAsync(http, body);
                latencies[caller].Add((clock.Elapsed - start).TotalMilliseconds);
                Interlocked.Add(ref refused, isTaken ? 0 : 1);
            }
        })));
        var sorted = latencies.SelectMany(l => l).Order().ToArray();
        if (report)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{callers,3} callers: {sorted.Length / clock.Elapsed.TotalSeconds,6:F0} deliveries/s, answer median {sorted[sorted.Length / 2]:F2} ms, p99 {sorted[sorted.Length * 99 / 100]:F2} ms, {refused} refused"));
        }
    }
}
