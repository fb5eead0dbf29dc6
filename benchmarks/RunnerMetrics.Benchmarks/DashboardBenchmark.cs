using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Benchmarks;

/// <summary>
/// How long a real Prometheus takes for the questions of the dashboards over a month of a fleet, and what a sample takes on its disk. The month is what the registry shows at
/// each step, under a clock that is moved on; promtool makes blocks of it.
/// </summary>
internal static partial class DashboardBenchmark
{
    private const int Runners = 100;
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    public static async Task<int> RunAsync(string dashboards, TimeSpan step)
    {
        var folder = Directory.CreateTempSubdirectory("runner-metrics-month-");
        try
        {
            var end = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 7200 * 7200);
            await StoreAsync(folder.FullName, "dense", end - TimeSpan.FromHours(2), end, TimeSpan.FromSeconds(15));
            await StoreAsync(folder.FullName, "month", end - Month, end, step);
            await AskAsync(folder.FullName, dashboards, end);
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task StoreAsync(string folder, string name, DateTimeOffset start, DateTimeOffset end, TimeSpan step)
    {
        var text = Path.Combine(folder, name + ".txt");
        var samples = Write(text, start, end, step);
        var started = Stopwatch.StartNew();
        using (var promtool = Process.Start("promtool", ["tsdb", "create-blocks-from", "openmetrics", "--quiet", "--max-block-duration=1440h", text, Path.Combine(folder, name)]))
        {
            await promtool.WaitForExitAsync();
        }

        File.Delete(text);
        var bytes = Directory.EnumerateFiles(Path.Combine(folder, name), "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {(end - start).TotalDays:0.##} days of {Runners} runners, every {step.TotalSeconds} s: {samples / 1e6:F1} million samples, {bytes / 1e6:F1} MB, {(double)bytes / samples:F2} bytes a sample, stored in {started.Elapsed.TotalSeconds:F0} s"));
    }

    // Every runner ends a job in 10 minutes or so, and waits, caches and heartbeats continue beside it.
    private static long Write(string file, DateTimeOffset start, DateTimeOffset end, TimeSpan step)
    {
        using var registry = new MetricRegistry();
        var clock = new SteppedTime { Now = start };
        var fleet = new FleetState(registry, new FleetOptions());
        registry.AddCollector(() => fleet.ShowTime(clock.Now));
        var load = new FleetLoad(fleet, Runners, clock);
        load.Fill();
        using var output = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        long samples = 0;
        double jobs = 0;
        for (; clock.Now <= end; clock.Now += step)
        {
            jobs += step / TimeSpan.FromMinutes(10) * Runners;
            load.Work((int)jobs);
            jobs -= (int)jobs;
            load.Beat();
            samples += WriteSamples(registry, output, clock.Now.ToUnixTimeSeconds());
        }

        output.Write("# EOF\n"u8);
        return samples;
    }

    private static long WriteSamples(MetricRegistry registry, FileStream output, long time)
    {
        var stamp = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" {time}\n"));
        using var snapshot = registry.Snapshot(ExpositionFormat.Text);
        using var whole = new MemoryStream((int)snapshot.Length);
        foreach (var piece in snapshot.Pieces)
        {
            whole.Write(piece.Span);
        }

        var rest = whole.GetBuffer().AsSpan(0, (int)whole.Length);
        long samples = 0;
        while (rest.IndexOf((byte)'\n') is >= 0 and var length)
        {
            var line = rest[..length];
            rest = rest[(length + 1)..];
            if (line.IsEmpty || line[0] == (byte)'#')
            {
                continue;
            }

            var name = line.IndexOfAny((byte)'{', (byte)' ');
            output.Write(line[..name]);
            output.Write("{job=\"runner-metrics\",instance=\"exporter:9091\""u8);
            output.Write(line[name] == (byte)'{' ? ","u8 : "}"u8);
            output.Write(line[name] == (byte)'{' ? line[(name + 1)..] : line[name..]);
            output.Write(stamp);
            samples++;
        }

        return samples;
    }

    private static async Task AskAsync(string folder, string dashboards, DateTimeOffset end)
    {
        var config = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, "global: {}\n");
        using var process = Process.Start(new ProcessStartInfo(
            "prometheus",
            [$"--config.file={config}", $"--storage.tsdb.path={Path.Combine(folder, "month")}", "--storage.tsdb.retention.time=5y", "--web.listen-address=127.0.0.1:19490", "--log.level=error"]))!;
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri("http://127.0.0.1:19490"), Timeout = TimeSpan.FromMinutes(5) };
            while (!await IsReadyAsync(client))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }

            foreach (var file in Directory.EnumerateFiles(dashboards, "*.json").Order(StringComparer.Ordinal))
            {
                await AskAsync(client, file, end);
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static async Task AskAsync(HttpClient client, string file, DateTimeOffset end)
    {
        using var dashboard = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
        var queries = QueriesOf(dashboard.RootElement.GetProperty("panels")).ToList();

        // One after another, and then all at once, as a browser that opens the page.
        List<(double Seconds, bool IsAnswered, string Query)> times = [];
        foreach (var query in queries)
        {
            times.Add(await AskAsync(client, query, end));
        }

        var started = Stopwatch.StartNew();
        await Task.WhenAll(queries.Select(query => AskAsync(client, query, end)));
        var slowest = times.MaxBy(time => time.Seconds);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileNameWithoutExtension(file)}: {queries.Count} queries, {times.Count(time => time.IsAnswered)} with an answer, slowest {slowest.Seconds:F2} s, all at once {started.Elapsed.TotalSeconds:F2} s; slowest is {slowest.Query}"));
    }

    private static async Task<(double Seconds, bool IsAnswered, string Query)> AskAsync(HttpClient client, (string Expression, bool IsInstant) query, DateTimeOffset end)
    {
        var text = query.Expression.Replace("$__range", "30d", StringComparison.Ordinal).Replace("$__rate_interval", "65m", StringComparison.Ordinal)
            .Replace("$__interval", "1h", StringComparison.Ordinal);
        text = Uri.EscapeDataString(Variable().Replace(text, ".+"));
        var to = end.ToUnixTimeSeconds();
        var url = query.IsInstant ? $"/api/v1/query?query={text}&time={to}" : $"/api/v1/query_range?query={text}&start={to - (long)Month.TotalSeconds}&end={to}&step=3600";
        var started = Stopwatch.StartNew();
        using var answer = await client.GetAsync(new Uri(url, UriKind.Relative));
        var body = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? (started.Elapsed.TotalSeconds, !body.Contains("\"result\":[]", StringComparison.Ordinal), query.Expression)
            : throw new InvalidOperationException($"{query.Expression} was refused: {body}");
    }

    private static IEnumerable<(string Expression, bool IsInstant)> QueriesOf(JsonElement panels)
    {
        foreach (var panel in panels.EnumerateArray())
        {
            foreach (var target in panel.TryGetProperty("targets", out var targets) ? targets.EnumerateArray() : [])
            {
                yield return (target.GetProperty("expr").GetString()!, target.TryGetProperty("instant", out var instant) && instant.GetBoolean());
            }

            foreach (var inner in panel.TryGetProperty("panels", out var collapsed) ? QueriesOf(collapsed) : [])
            {
                yield return inner;
            }
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("/-/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\$(?:\w+|\{\w+\})")]
    private static partial Regex Variable();

    private sealed class SteppedTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
