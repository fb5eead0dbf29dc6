using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace RunnerMetrics.Benchmarks;

/// <summary>
/// A published agent beside a runner that ends a job every second: how long after the runner's own line a job stands in <c>/metrics</c>, over 200 jobs;
/// then memory and processor time, at that pace and at rest.
/// </summary>
internal static partial class AgentBenchmark
{
    private const int Seen = 200;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <param name="agent">The published agent.</param>
    /// <param name="exporter">The published exporter, or null for an agent that serves its metrics itself.</param>
    /// <param name="length">How long it works, and then rests.</param>
    /// <param name="listeners">How many other processes write a listener's log meanwhile, a line a second each.</param>
    /// <param name="files">How many files of an older past lie in <c>_diag</c>.</param>
    public static async Task<int> RunAsync(string agent, string? exporter, TimeSpan length, int listeners = 0, int files = 0)
    {
        var folder = Directory.CreateTempSubdirectory("runner-metrics-agent-").FullName;
        try
        {
            var runner = new ReplayedRunner(Path.Combine(folder, "source"), Path.Combine(folder, "_diag"), (int)((Seen + length.TotalSeconds) * 1.5));
            using var crowd = new CrowdedFolder(Path.Combine(folder, "_diag"), listeners, files);
            using var collector = exporter is null ? null : await ExporterProgram.StartAsync(exporter, Path.Combine(folder, "data"));
            using var process = Start(agent, folder, collector?.Collector);
            var http = collector?.Http ?? await AddressAsync(process);
            _ = process.StandardOutput.ReadToEndAsync();
            try
            {
                await SeeAsync(runner, http);
                await MeasureAsync("one job a second", process, length, () => JobAsync(runner, crowd));
                await MeasureAsync("at rest", process, length, () => Task.CompletedTask);
            }
            finally
            {
                process.Kill();
                await process.WaitForExitAsync();
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task SeeAsync(ReplayedRunner runner, Uri http)
    {
        var took = new List<double>();
        for (var i = 0; i < Seen; i++)
        {
            var clock = Stopwatch.StartNew();
            var before = await JobsAsync(http);
            runner.BeginJob();
            await Task.Delay(Pace / 2);
            runner.EndJob();
            var ended = Stopwatch.GetTimestamp();
            while (await JobsAsync(http) <= before)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10));
            }

            took.Add(Stopwatch.GetElapsedTime(ended).TotalMilliseconds);
            await Task.Delay(TimeSpan.FromTicks(Math.Max(0, (Pace - clock.Elapsed).Ticks)));
        }

        took.Sort();
        Console.WriteLine(Text($"visible in /metrics after the runner's line, {Seen} jobs: median {took[Seen / 2]:F0} ms, p95 {took[Seen * 95 / 100]:F0} ms, at most {took[^1]:F0} ms"));
    }

    private static async Task JobAsync(ReplayedRunner runner, CrowdedFolder crowd)
    {
        crowd.WriteLines();
        runner.BeginJob();
        await Task.Delay(Pace / 2);
        runner.EndJob();
    }

    private static async Task MeasureAsync(string what, Process process, TimeSpan length, Func<Task> second)
    {
        process.Refresh();
        var before = process.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        long most = 0;
        for (var next = Pace; clock.Elapsed < length; next += Pace)
        {
            await second();
            process.Refresh();
            most = Math.Max(most, process.WorkingSet64);
            await Task.Delay(TimeSpan.FromTicks(Math.Max(0, (next - clock.Elapsed).Ticks)));
        }

        process.Refresh();
        Console.WriteLine(Text($"{what}, {clock.Elapsed.TotalSeconds:F0} s: resident {process.WorkingSet64 / 1e6:F0} MB, at most {most / 1e6:F0} MB, of which its own {Anonymous(process):F0} MB; {(process.TotalProcessorTime - before) / clock.Elapsed:P2} of a core"));
    }

    // Without the pages of files, which the kernel can drop and read again.
    private static double Anonymous(Process process) => File.ReadLines($"/proc/{process.Id}/status")
        .Where(line => line.StartsWith("RssAnon:", StringComparison.Ordinal)).Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6).Single();

    private static Process Start(string agent, string folder, Uri? collector)
    {
        string[] where = collector is null ? ["--standalone", "--http-port", "0", "--data", Path.Combine(folder, "data")] : ["--collector", collector.ToString()];
        var hooks = Directory.CreateDirectory(Path.Combine(folder, "hooks")).FullName;
        var start = new ProcessStartInfo(
            agent,
            [
                "run", "--diag", Path.Combine(folder, "_diag"), "--spool", Path.Combine(folder, "spool"), "--hooks", hooks,
                "--runner-name", "history-1", "--runner-type", "standard", .. where,
            ])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["MALLOC_ARENA_MAX"] = "1"; // as the image sets it
        return Process.Start(start)!;
    }

    private static async Task<Uri> AddressAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (ServingLine().Match(line) is { Success: true } match)
            {
                return new Uri(match.Groups[1].Value);
            }
        }

        throw new InvalidOperationException("the agent ended before it served");
    }

    private static async Task<double> JobsAsync(Uri http)
    {
        using var client = new HttpClient();
        var text = await client.GetStringAsync(new Uri(http, "/metrics"));
        return text.Split('\n').Where(line => line.StartsWith("github_runner_jobs_total{", StringComparison.Ordinal))
            .Sum(line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Metrics at (http://\S+)/metrics\.")]
    private static partial Regex ServingLine();
}
