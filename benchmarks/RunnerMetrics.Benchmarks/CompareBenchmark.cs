using System.Diagnostics;
using System.Globalization;
using Grpc.Net.Client;

namespace RunnerMetrics.Benchmarks;

/// <summary>
/// Two versions as they are published, at once where it is about memory and in turn where it is about time, so that the machine is as noisy for each.
/// Folders as tests/publish.sh makes them: Exporter/runner-metrics-exporter, Agent/runner-metrics-agent,
/// Standalone/runner-metrics-standalone. Prints the rows of a table.
/// </summary>
internal sealed class CompareBenchmark(string older, string newer, TimeSpan length)
{
    private const int Starts = 15, Scrapes = 40, WarmUp = 10, Fleet = 1000, Turns = 3;

    private readonly string[] _folders = [older, newer];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("runner-metrics-compare-");
    private int _next;

    public static async Task<int> RunAsync(string older, string newer, TimeSpan length)
    {
        var comparison = new CompareBenchmark(older, newer, length);
        try
        {
            await comparison.RunAsync();
            return 0;
        }
        finally
        {
            comparison._folder.Delete(recursive: true);
        }
    }

    private async Task RunAsync()
    {
        Console.WriteLine("| | old | new | new ÷ old |\n|---|---|---|---|");
        foreach (var program in (string[])["Exporter", "Agent", "Standalone"])
        {
            Row($"{program} on disk", "MB", "F1", [.. _folders.Select(folder => Directory.EnumerateFiles(Path.Combine(folder, program)).Sum(file => new FileInfo(file).Length) / 1e6)]);
        }

        await StartsAsync();
        await ResidentAsync(100);
        await ResidentAsync(Fleet);
        await AgentsAsync();
        await ScrapesAsync();
        await DurableAsync("", TimeSpan.Zero);
        if (File.Exists("/usr/bin/strace"))
        {
            await DurableAsync(", 10 ms added to every fsync", TimeSpan.FromMilliseconds(10));
        }
    }

    private async Task StartsAsync()
    {
        var times = new List<double>[] { [], [] };
        for (var i = 0; i < Starts; i++)
        {
            foreach (var (version, folder) in _folders.Index())
            {
                var clock = Stopwatch.StartNew();
                using var exporter = await StartAsync(folder);
                await new RawHttp().GetAsync(new Uri(exporter.Http, "/ready"), gzip: false);
                times[version].Add(clock.Elapsed.TotalMilliseconds);
            }
        }

        Row("Start to `/ready`, empty data", "ms", "F0", [.. times.Select(Median)]);
    }

    private async Task ResidentAsync(int runners)
    {
        var exporters = await StartBothAsync();
        var used = await Task.WhenAll(exporters.Select(exporter => Task.Run(() => WorkAsync(exporter, runners))));
        Row($"Exporter resident, {runners} runners", "MB", "F1", [.. used.Select(use => use.Resident)]);
        Row($"of which its own, {runners} runners", "MB", "F1", [.. used.Select(use => use.Own)]);
        Row($"processor time, {runners} runners", "% of a core", "F2", [.. used.Select(use => use.Processor * 100)]);
        Array.ForEach(exporters, exporter => exporter.Dispose());
    }

    // As the fleet of ResidentBenchmark: a heartbeat every 10 s, four jobs a minute, a scrape every 15 s with gzip.
    private async Task<(double Resident, double Own, double Processor)> WorkAsync(ExporterProgram exporter, int runners)
    {
        using var channel = GrpcChannel.ForAddress(exporter.Collector);
        await ResidentBenchmark.RoundAsync(channel, runners, endJobs: true, withCaches: true);
        var use = exporter.Use();
        var clock = Stopwatch.StartNew();
        var (nextHeartbeats, nextScrape, round) = (TimeSpan.Zero, TimeSpan.Zero, 0);
        while (clock.Elapsed < length)
        {
            if (clock.Elapsed >= nextHeartbeats)
            {
                nextHeartbeats += TimeSpan.FromSeconds(10);
                await ResidentBenchmark.RoundAsync(channel, runners, endJobs: round++ % 6 == 0, withCaches: false);
            }

            if (clock.Elapsed >= nextScrape)
            {
                nextScrape += TimeSpan.FromSeconds(15);
                await new RawHttp().GetAsync(new Uri(exporter.Http, "/metrics"), gzip: true);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }

        return (use.Resident, use.Own, use.Processor);
    }

    private async Task AgentsAsync()
    {
        var jobs = (int)length.TotalSeconds * 2;
        var exporters = await StartBothAsync();
        var runners = new List<ReplayedRunner>();
        var agents = new List<Process>();
        foreach (var collector in (Uri?[])[exporters[1].Collector, null])
        {
            foreach (var folder in _folders)
            {
                var place = NewFolder();
                runners.Add(new ReplayedRunner(Path.Combine(place, "source"), Path.Combine(place, "_diag"), jobs));
                var program = collector is null ? Path.Combine("Standalone", "runner-metrics-standalone") : Path.Combine("Agent", "runner-metrics-agent");
                agents.Add(AgentBenchmark.Start(Path.Combine(folder, program), place, collector));
                _ = agents[^1].StandardOutput.ReadToEndAsync();
            }
        }

        await PaceAsync(agents, "one job a second", () => Task.WhenAll(runners.Select(runner => Task.Run(() => AgentBenchmark.JobAsync(runner)))));
        await PaceAsync(agents, "at rest", () => Task.CompletedTask);
        foreach (var agent in agents)
        {
            agent.Kill();
            await agent.WaitForExitAsync();
            agent.Dispose();
        }

        Array.ForEach(exporters, exporter => exporter.Dispose());
    }

    private async Task PaceAsync(List<Process> agents, string what, Func<Task> second)
    {
        var use = agents.ConvertAll(agent => new ProcessUse(agent));
        var clock = Stopwatch.StartNew();
        for (var next = TimeSpan.FromSeconds(1); clock.Elapsed < length; next += TimeSpan.FromSeconds(1))
        {
            await second();
            await Task.Delay(TimeSpan.FromTicks(Math.Max(0, (next - clock.Elapsed).Ticks)));
        }

        foreach (var (kind, name) in new[] { (0, "Agent"), (2, "Standalone") })
        {
            Row($"{name} resident, {what}", "MB", "F1", [use[kind].Resident, use[kind + 1].Resident]);
            Row($"of which its own, {what}", "MB", "F1", [use[kind].Own, use[kind + 1].Own]);
            Row($"processor time, {what}", "% of a core", "F2", [use[kind].Processor * 100, use[kind + 1].Processor * 100]);
        }
    }

    private async Task ScrapesAsync()
    {
        var exporters = await StartBothAsync();
        var channels = exporters.Select(exporter => GrpcChannel.ForAddress(exporter.Collector)).ToArray();
        foreach (var channel in channels)
        {
            await ResidentBenchmark.RoundAsync(channel, Fleet, endJobs: true, withCaches: true);
        }

        var bytes = Path.Combine(NewFolder(), "ready");
        using (var client = new HttpClient())
        {
            await File.WriteAllBytesAsync(bytes, await client.GetByteArrayAsync(new Uri(exporters[1].Http, "/metrics")));
        }

        using var ready = BenchmarkServer.SpawnReadyBytes(bytes);
        using var pushgateway = await ScrapeBenchmark.PushgatewayAsync(bytes);
        Uri?[] servers = [new(exporters[0].Http, "/metrics"), new(exporters[1].Http, "/metrics"), new(await ready.AskAsync()), pushgateway?.Url];
        foreach (var gzip in (bool[])[false, true])
        {
            var times = servers.Select(_ => new List<double>()).ToArray();
            for (var round = 0; round < Scrapes + WarmUp; round++)
            {
                // Every series has changed since the last scrape, or could have.
                await Task.WhenAll(channels.Select(channel => Task.Run(() => ResidentBenchmark.RoundAsync(channel, Fleet, endJobs: true, withCaches: false))));
                foreach (var (server, url) in servers.Index().Where(server => server.Item is not null))
                {
                    var clock = Stopwatch.StartNew();
                    await new RawHttp().GetAsync(url!, gzip);
                    if (round >= WarmUp)
                    {
                        times[server].Add(clock.Elapsed.TotalMilliseconds);
                    }
                }
            }

            var encoding = gzip ? "gzip" : "plain";
            var medians = Array.ConvertAll(times, Median);
            Row($"Scrape of {Fleet} runners ({new FileInfo(bytes).Length / 1e6:F1} MB), {encoding}", "ms", "F1", medians[..2]);
            Row($"of ready bytes ({medians[2]:F1} ms), {encoding}", "×", "F2", [medians[0] / medians[2], medians[1] / medians[2]]);
            Row($"Pushgateway ({medians[3]:F0} ms) takes, {encoding}", "×", "F1", [medians[3] / medians[0], medians[3] / medians[1]]);
        }

        Array.ForEach(channels, channel => channel.Dispose());
        Array.ForEach(exporters, exporter => exporter.Dispose());
    }

    private async Task DurableAsync(string disk, TimeSpan syncDelay)
    {
        var fsync = DurabilityBenchmark.RawFsync(_folder.FullName) + syncDelay.TotalMilliseconds;
        foreach (var (callers, batch) in new[] { (1, 1), (4, 1000) })
        {
            var results = new List<LoadResult>[] { [], [] };
            for (var turn = 0; turn < Turns; turn++)
            {
                foreach (var (version, folder) in _folders.Index())
                {
                    using var exporter = await StartAsync(folder, syncDelay);
                    await Load.RunAsync(exporter.Collector, callers, batch, TimeSpan.FromSeconds(2));
                    results[version].Add(await Load.RunAsync(exporter.Collector, callers, batch, TimeSpan.FromSeconds(5)));
                }
            }

            if (batch == 1)
            {
                Row($"One ack (raw write and fsync: {fsync:F2} ms){disk}", "ms", "F2", [.. results.Select(result => Median([.. result.Select(r => r.MedianMilliseconds)]))]);
            }
            else
            {
                Row($"Durable ingest, {callers} × {batch}{disk}", "events/s", "N0", [.. results.Select(result => Median([.. result.Select(r => r.EventsPerSecond)]))]);
            }
        }
    }

    private Task<ExporterProgram[]> StartBothAsync() => Task.WhenAll(_folders.Select(folder => StartAsync(folder)));

    private Task<ExporterProgram> StartAsync(string folder, TimeSpan syncDelay = default) =>
        ExporterProgram.StartAsync(Path.Combine(folder, "Exporter", "runner-metrics-exporter"), NewFolder(), syncDelay);

    private string NewFolder() => _folder.CreateSubdirectory((++_next).ToString(CultureInfo.InvariantCulture)).FullName;

    private static double Median(List<double> times) => times.Count == 0 ? double.NaN : times.Order().ElementAt(times.Count / 2);

    private static void Row(string what, string unit, string format, double[] values)
    {
        var shown = Array.ConvertAll(values, value => value.ToString(format, CultureInfo.InvariantCulture) + (unit[0] is '%' or '×' ? unit : " " + unit));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {shown[0]} | {shown[1]} | {values[1] / values[0]:F2} |"));
    }
}
