using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace RunnerMetrics.Benchmarks;

/// <summary>How long a real Prometheus takes for the questions of the dashboards over a month of 100 runners, with what the recording rules record beside it.</summary>
internal static partial class DashboardBenchmark
{
    private const int Runners = 100;
    private const int Port = 19490;
    private const int BlockHours = FleetSamples.BlockHours;
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    /// <summary>Makes the month, unless <paramref name="kept"/> has one, and asks it.</summary>
    /// <param name="dashboards">The folder of the dashboards.</param>
    /// <param name="step">The time between two scrapes.</param>
    /// <param name="kept">Where the month is kept for another run; null: it is deleted.</param>
    public static async Task<int> RunAsync(string dashboards, TimeSpan step, string? kept)
    {
        var folder = kept is null ? Directory.CreateTempSubdirectory("runner-metrics-month-") : Directory.CreateDirectory(kept);
        try
        {
            var blocks = Path.Combine(folder.FullName, "month");
            var whole = blocks + ".end";
            if (!File.Exists(whole))
            {
                // What a run that was broken off has left is part of no month.
                foreach (var part in folder.EnumerateDirectories("month*"))
                {
                    part.Delete(recursive: true);
                }

                await File.WriteAllTextAsync(whole, Seconds(await MakeAsync(blocks, dashboards, step)));
            }

            await AskAsync(blocks, dashboards, DateTimeOffset.FromUnixTimeSeconds(long.Parse(await File.ReadAllTextAsync(whole), CultureInfo.InvariantCulture)));
            return 0;
        }
        finally
        {
            if (kept is null)
            {
                folder.Delete(recursive: true);
            }
        }
    }

    private static async Task<DateTimeOffset> MakeAsync(string blocks, string dashboards, TimeSpan step)
    {
        var end = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 7200 * 7200);
        var started = Stopwatch.StartNew();
        var fleet = new FleetSamples(Runners, step);
        await fleet.StoreAsync(blocks, end - Month, end);
        var bytes = FleetSamples.BytesOf(blocks);
        Say($"30 days of {Runners} runners, every {step.TotalSeconds} s: {fleet.Samples / 1e6:F1} million samples, {bytes / 1e6:F1} MB, {(double)bytes / fleet.Samples:F2} bytes a sample, stored in {started.Elapsed.TotalSeconds:F0} s");

        // Each group may stand on those before it.
        var rules = Path.Combine(dashboards, "..", "prometheus", "rules");
        foreach (var file in (string[])["jobs.yml", "dora.yml", "queueing.yml"])
        {
            foreach (var group in (await File.ReadAllTextAsync(Path.Combine(rules, file))).Split("\n  - name: ")[1..])
            {
                started.Restart();
                var alone = blocks + "-rules.yml";
                await File.WriteAllTextAsync(alone, "groups:\n  - name: " + group);
                await RecordAsync(blocks, alone, end);
                Say($"{file}, {group[..group.IndexOf('\n')]}: recorded in {started.Elapsed.TotalSeconds:F0} s");
            }
        }

        return end;
    }

    // Prometheus records while it scrapes; here promtool asks the same of the month that is stored, as often as the group does, or each minute.
    private static async Task RecordAsync(string blocks, string rules, DateTimeOffset end)
    {
        var recorded = blocks + "-recorded";
        var address = await StartAsync(blocks);
        using (address.Process)
        {
            await FleetSamples.RunAsync(
                "promtool", "tsdb", "create-blocks-from", $"--max-block-duration={BlockHours}h", "rules", "--start", Seconds(end - Month), "--end", Seconds(end), "--url", address.Client.BaseAddress!.ToString(),
                "--output-dir", recorded, "--eval-interval", "1m", rules);
            await StopAsync(address);
        }

        foreach (var block in Directory.EnumerateDirectories(recorded))
        {
            Directory.Move(block, Path.Combine(blocks, Path.GetFileName(block)));
        }
    }

    private static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static async Task AskAsync(string blocks, string dashboards, DateTimeOffset end)
    {
        var prometheus = await StartAsync(blocks);
        using (prometheus.Process)
        {
            await CompactedAsync(prometheus.Client);
            foreach (var file in Directory.EnumerateFiles(dashboards, "*.json").Order(StringComparer.Ordinal))
            {
                await AskAsync(prometheus.Client, file, end);
            }

            await StopAsync(prometheus);
        }
    }

    // What promtool records stands in blocks of two hours upon those of the samples; a Prometheus that records while it scrapes has both in one, and so has this one after a while.
    private static async Task CompactedAsync(HttpClient client)
    {
        var started = Stopwatch.StartNew();
        while (await BlocksAsync() is var blocks && blocks > (Month.TotalHours / BlockHours) + 2)
        {
            if (started.Elapsed > TimeSpan.FromMinutes(20))
            {
                throw new InvalidOperationException($"After 20 minutes there are still {blocks} blocks: what is measured would not be a Prometheus that has run for a month.");
            }

            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }

        async Task<int> BlocksAsync() => int.Parse(BlocksLoaded().Match(await client.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Groups["blocks"].Value, CultureInfo.InvariantCulture);
    }

    private static async Task<(Process Process, HttpClient Client)> StartAsync(string blocks)
    {
        var config = blocks + ".yml";
        await File.WriteAllTextAsync(config, "global: {}\n");
        var process = Process.Start(new ProcessStartInfo(
            "prometheus",
            [
                $"--config.file={config}", $"--storage.tsdb.path={blocks}", "--storage.tsdb.retention.time=5y", $"--storage.tsdb.min-block-duration={BlockHours}h", $"--storage.tsdb.max-block-duration={BlockHours}h",
                $"--web.listen-address=127.0.0.1:{Port}", "--query.max-samples=500000000", "--query.timeout=20m", "--log.level=error",
            ]))!;
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}"), Timeout = TimeSpan.FromMinutes(5) };
        while (!await IsReadyAsync(client))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }

        return (process, client);
    }

    private static async Task StopAsync((Process Process, HttpClient Client) prometheus)
    {
        prometheus.Client.Dispose();
        prometheus.Process.Kill();
        await prometheus.Process.WaitForExitAsync();
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
        Say($"{Path.GetFileNameWithoutExtension(file)}: {queries.Count} queries, {times.Count(time => time.IsAnswered)} with an answer, slowest {slowest.Seconds:F2} s, all at once {started.Elapsed.TotalSeconds:F2} s; slowest is {slowest.Query}");
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

    // prometheus_tsdb_blocks_loaded 374
    [GeneratedRegex(@"^prometheus_tsdb_blocks_loaded (?<blocks>\d+)", RegexOptions.Multiline)]
    private static partial Regex BlocksLoaded();

    [GeneratedRegex(@"\$(?:\w+|\{\w+\})")]
    private static partial Regex Variable();
}
