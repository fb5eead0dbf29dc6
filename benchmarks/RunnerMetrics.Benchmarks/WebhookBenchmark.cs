using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace RunnerMetrics.Benchmarks;

/// <summary>Signed <c>workflow_job</c> deliveries to a published exporter, each on disk before it is answered; beside the same machine's durable events over gRPC.</summary>
internal static class WebhookBenchmark
{
    private const string Secret = "it is a secret to everybody";
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string program)
    {
        var folder = Directory.CreateTempSubdirectory("runner-metrics-webhooks-");
        try
        {
            var secret = Path.Combine(folder.FullName, "secret");
            await File.WriteAllTextAsync(secret, Secret);
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
                var body = Payload(random.NextInt64(1, 1L << 40), caller);
                var start = clock.Elapsed;
                using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/github") { Content = new ByteArrayContent(body) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                request.Headers.Add("X-GitHub-Event", "workflow_job");
                request.Headers.Add("X-GitHub-Delivery", Guid.NewGuid().ToString());
                request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body)));
                using var response = await http.SendAsync(request);
                latencies[caller].Add((clock.Elapsed - start).TotalMilliseconds);
                Interlocked.Add(ref refused, response.StatusCode == HttpStatusCode.Accepted ? 0 : 1);
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

    // As large as GitHub's own, of which most is not used.
    private static byte[] Payload(long id, int caller)
    {
        var now = TimeProvider.System.GetUtcNow();
        var text = string.Create(CultureInfo.InvariantCulture, $$"""
            {"action":"completed","workflow_job":{"id":{{id}},"run_id":{{id / 4}},"run_attempt":1,"workflow_name":"CI","name":"build","status":"completed","conclusion":"success",
            "created_at":"{{now.AddSeconds(-90):yyyy-MM-ddTHH:mm:ssZ}}","started_at":"{{now.AddSeconds(-60):yyyy-MM-ddTHH:mm:ssZ}}","completed_at":"{{now:yyyy-MM-ddTHH:mm:ssZ}}",
            "labels":["self-hosted","standard"],"runner_name":"runner-{{caller}}","runner_group_name":"Default","steps":[]},
            "repository":{"full_name":"acme/shop","html_url":"https://github.com/acme/shop","filler":"{{new string('x', 9000)}}"} }
            """);
        return Encoding.UTF8.GetBytes(text);
    }
}
