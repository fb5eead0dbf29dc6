using RunnerMetrics.Demo.Running;
using Spectre.Console;

namespace RunnerMetrics.Demo.Summary;

/// <summary>Shows what <c>/metrics</c> says, for as long as runners run: a live table, or lines if the output is redirected.</summary>
internal static class LiveSummary
{
    private static readonly string[] Columns = ["runner", "type", "state", "ok", .. RunnerRow.Statuses.Skip(1), "last job", "running for"];

    /// <summary>Shows it until the runners stop.</summary>
    public static Task ShowAsync(Scraper scraper, IReadOnlyList<DemoRunner> runners, TextWriter output, CancellationToken stop)
    {
        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Interactive)
        {
            return RenewAsync(scraper, runners, TimeSpan.FromSeconds(5), rows => WriteLine(rows, output), stop);
        }

        return AnsiConsole.Live(Table([])).AutoClear(false).StartAsync(live =>
            RenewAsync(scraper, runners, TimeSpan.FromSeconds(0.5), rows => live.UpdateTarget(Table(rows)), stop));
    }

    private static async Task RenewAsync(
        Scraper scraper, IReadOnlyList<DemoRunner> runners, TimeSpan interval, Action<IReadOnlyList<RunnerRow>> show, CancellationToken stop)
    {
        var before = new Dictionary<string, RunnerRow>(StringComparer.Ordinal);
        try
        {
            while (true)
            {
                await Task.Delay(interval, TimeProvider.System, stop);
                var scrape = await scraper.ScrapeAsync(stop);
                var now = TimeProvider.System.GetUtcNow();
                foreach (var runner in runners)
                {
                    before[runner.Name] = RunnerRow.Read(runner.Name, runner.Type, scrape, before.GetValueOrDefault(runner.Name), now);
                }

                show([.. runners.Select(runner => before[runner.Name])]);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was looked at long enough.
        }
    }

    private static Table Table(IReadOnlyList<RunnerRow> rows)
    {
        // Narrow enough for a terminal of 80 columns.
        var table = new Table { Border = TableBorder.None };
        foreach (var column in Columns)
        {
            table.AddColumn(new TableColumn($"[bold]{column}[/]") { NoWrap = true, Padding = new Padding(0, 0, 1, 0) });
        }

        foreach (var row in rows)
        {
            table.AddRow([row.Name, row.Type, row.State, .. RunnerRow.Statuses.Select(row.Count), Markup.Escape(row.LastJob), row.RunningFor]);
        }

        return table;
    }

    private static void WriteLine(IReadOnlyList<RunnerRow> rows, TextWriter output) => output.WriteLine(string.Join("; ", rows.Select(Describe)));

    private static string Describe(RunnerRow row)
    {
        var running = row.RunningFor.Length > 0 ? " for " + row.RunningFor : string.Empty;
        var counts = RunnerRow.Statuses.Where(status => row.Count(status) is not ("" or "0")).Select(status => $"{row.Count(status)} {status}").ToList();
        return $"{row.Name} {row.State}{running} ({(counts.Count > 0 ? string.Join(", ", counts) : "no job yet")})";
    }
}
