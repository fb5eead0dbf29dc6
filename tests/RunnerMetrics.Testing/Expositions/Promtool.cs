using RunnerMetrics.Metrics;

namespace RunnerMetrics.Testing;

/// <summary>Prometheus's own tool.</summary>
public static class Promtool
{
    private const string Program = "/usr/bin/promtool";

    public static void SkipWhereMissing() =>
        Assert.SkipUnless(File.Exists(Program), "promtool is not on this machine: run ./test.sh, or apt-get install prometheus");

    /// <summary>Runs it.</summary>
    /// <returns>What it ended with, and what it said on standard error.</returns>
    public static async Task<(int ExitCode, string Errors)> RunAsync(IEnumerable<string> arguments, CancellationToken cancelled, string input = "")
    {
        var run = await ProcessRun.RunAsync(Program, arguments, cancelled, input);
        return (run.ExitCode, run.Errors);
    }

    /// <summary>Has it check what must be scraped.</summary>
    public static Task CheckAsync(MetricRegistry registry, CancellationToken cancelled) => CheckAsync(Scraped.From(registry).Text, cancelled);

    /// <summary>Has it check what was scraped.</summary>
    public static async Task CheckAsync(string exposition, CancellationToken cancelled)
    {
        SkipWhereMissing();
        Assert.Equal(new ProcessRun(0, "", ""), await ProcessRun.RunAsync(Program, ["check", "metrics"], cancelled, exposition));
    }
}
