using System.Diagnostics;
using System.Net.Sockets;

namespace RunnerMetrics.Benchmarks;

/// <summary>
/// Scrapes of a full fleet, each after 1,000 events that it must show, beside Go's Pushgateway with the same series and a Kestrel that
/// sends the same text ready-made. The three take turns, so that a noisy machine is as noisy for each.
/// </summary>
internal static class ScrapeBenchmark
{
    private const int Rounds = 40;
    private const int WarmUp = 10;

    public static async Task<int> RunAsync(int runners)
    {
        var bytes = Path.Combine(Path.GetTempPath(), $"runner-metrics-bench-{Environment.ProcessId}.txt");
        try
        {
            using var server = BenchmarkServer.Spawn(runners, bytes);
            var urls = (await server.AskAsync()).Split(' ');
            var (exporter, ready) = (new Uri(urls[0] + "/metrics"), new Uri(urls[1] + "/metrics"));
            Console.WriteLine($"{runners} runners, {urls[2]} samples, {new FileInfo(bytes).Length / 1e6:F1} MB");
            using var pushgateway = await PushgatewayAsync(bytes);
            foreach (var gzip in new[] { false, true })
            {
                await CompareAsync(server, exporter, ready, pushgateway?.Url, gzip);
            }

            await AllocationsAsync(server, exporter);
            await ConcurrentAsync(exporter);
            Console.WriteLine($"resident: {long.Parse((await server.AskAsync("memory")).Split(' ')[1], null) / 1e6:F0} MB (framework-dependent, with the ready bytes)");
            return 0;
        }
        finally
        {
            File.Delete(bytes);
        }
    }

    private static async Task CompareAsync(ChildProcess server, Uri exporter, Uri ready, Uri? pushgateway, bool gzip)
    {
        var http = new RawHttp();
        List<double> ours = [], theirs = [], bare = [], openMetrics = [];
        for (var round = 0; round < Rounds + WarmUp; round++)
        {
            await server.AskAsync("work");
            Add(ours, await TimeAsync(() => http.GetAsync(exporter, gzip)), round);
            Add(bare, await TimeAsync(() => http.GetAsync(ready, gzip)), round);
            if (pushgateway is not null && round < (Rounds / 2) + WarmUp)
            {
                Add(theirs, await TimeAsync(() => http.GetAsync(pushgateway, gzip)), round);
            }

            await server.AskAsync("work");
            Add(openMetrics, await TimeAsync(() => http.GetAsync(exporter, gzip, openMetrics: true)), round);
        }

        Console.WriteLine($"{(gzip ? "gzip " : "plain")}: exporter {Show(ours)} | OpenMetrics {Show(openMetrics)} | ready bytes {Show(bare)} | Pushgateway {Show(theirs)}");
        Console.WriteLine($"       {Median(ours) / Median(bare):F2} x ready bytes (bar 2); Pushgateway takes {Median(theirs) / Median(ours):F1} x (bar {(gzip ? 6 : 8)})");
    }

    private static async Task AllocationsAsync(ChildProcess server, Uri exporter)
    {
        var http = new RawHttp();
        foreach (var gzip in new[] { false, true })
        {
            var before = long.Parse((await server.AskAsync("memory")).Split(' ')[0], null);
            for (var i = 0; i < 20; i++)
            {
                await http.GetAsync(exporter, gzip);
            }

            var after = long.Parse((await server.AskAsync("memory")).Split(' ')[0], null);
            Console.WriteLine($"allocated a scrape ({(gzip ? "gzip" : "plain")}): {(after - before) / 20 / 1024.0:F0} KiB (bar 1024)");
        }
    }

    private static async Task ConcurrentAsync(Uri exporter)
    {
        var good = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            using var client = new HttpClient();
            for (var i = 0; i < 20; i++)
            {
                var text = await client.GetStringAsync(exporter);
                if (text.Contains("\nprocess_cpu_seconds_total ", StringComparison.Ordinal) && text.EndsWith('\n'))
                {
                    Interlocked.Increment(ref good);
                }
            }
        }));
        Console.WriteLine($"10 clients x 20 scrapes: {good} of 200 good in {clock.Elapsed.TotalSeconds:F1} s");
    }

    internal static async Task<Pushgateway?> PushgatewayAsync(string bytes)
    {
        const string Program = "/usr/bin/prometheus-pushgateway";
        if (!File.Exists(Program))
        {
            Console.WriteLine("Pushgateway is not here (apt-get install prometheus-pushgateway): the comparison with it is left out");
            return null;
        }

        using var probe = new TcpListener(System.Net.IPAddress.Loopback, 0);
        probe.Start();
        var port = ((System.Net.IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var started = new Pushgateway(new ChildProcess(Program, "--web.listen-address", $"127.0.0.1:{port}", "--log.level", "error"), port);
        await started.PushAsync(bytes);
        return started;
    }

    private static async Task<double> TimeAsync(Func<Task<long>> scrape)
    {
        var clock = Stopwatch.StartNew();
        await scrape();
        return clock.Elapsed.TotalMilliseconds;
    }

    private static void Add(List<double> times, double time, int round)
    {
        if (round >= WarmUp)
        {
            times.Add(time);
        }
    }

    private static double Median(List<double> times) => times.Count == 0 ? double.NaN : times.Order().ElementAt(times.Count / 2);

    private static string Show(List<double> times) =>
        times.Count == 0 ? "-" : $"{Median(times):F1} ms (p90 {times.Order().ElementAt(times.Count * 9 / 10):F1})";
}
