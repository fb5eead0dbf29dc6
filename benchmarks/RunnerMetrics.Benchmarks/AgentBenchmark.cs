using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace RunnerMetrics.Benchmarks;

/// <summary>
/// A published agent beside a runner that ends a job every second: how long after the runner's own line a job is in <c>/metrics</c>, over 200 jobs;
/// then memory and processor time, at that pace and at rest.
/// </summary>
internal static partial class AgentBenchmark
{
    private const int Seen = 200;
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <param name="agent">The published agent, or runner-metrics-standalone.</param>
    /// <param name="exporter">The published exporter, or null for the standalone program.</param>
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
                await MeasureAsync("one job a second", process, length, () =>
                {
                    crowd.WriteLines();
                    return JobAsync(runner);
                });
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

    internal static async Task JobAsync(ReplayedRunner runner)
    {
        runner.BeginJob();
        await Task.Delay(Pace / 2);
        runner.EndJob();
    }

    private static async Task MeasureAsync(string what, Process process, TimeSpan length, Func<Task> second)
    {
        var use = new ProcessUse(process);
        var clock = Stopwatch.StartNew();
        var most = 0.0;
        for (var next = Pace; clock.Elapsed < length; next += Pace)
        {
            await second();
            most = Math.Max(most, use.Resident);
            await Task.Delay(TimeSpan.FromTicks(Math.Max(0, (next - clock.Elapsed).Ticks)));
        }

        Console.WriteLine(Text($"{what}, {clock.Elapsed.TotalSeconds:F0} s: resident {use.Resident:F0} MB, at most {most:F0} MB, of which its own {use.Own:F0} MB; {use.Processor:P2} of a core"));
    }

    internal static Process Start(string agent, string folder, Uri? collector)
    {
        string[] where = collector is null ? ["--http-port", "0", "--data", Path.Combine(folder, "data")] : ["run", "--collector", collector.ToString()];
        var hooks = Directory.CreateDirectory(Path.Combine(folder, "hooks")).FullName;
        var start = new ProcessStartInfo(
            agent,
            [
                .. where, "--diag", Path.Combine(folder, "_diag"), "--spool", Path.Combine(folder, "spool"), "--hooks", hooks,
                "--runner-name", "history-1", "--runner-type", "standard",
            ])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["MALLOC_ARENA_MAX"] = "1"; // as the image sets it
        start.Environment["DOTNET_TieredCompilation"] = "0"; // as the images of versions before NativeAOT did
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
