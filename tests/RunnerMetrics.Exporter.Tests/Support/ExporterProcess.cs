using System.Reflection;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Support;

/// <summary>The exporter as its own process.</summary>
internal static class ExporterProcess
{
    private static readonly Assembly Program = typeof(ExporterApplication).Assembly;

    public static RunningProgram Start(params string[] arguments) => RunningProgram.Start(Programs.Start(Program, arguments));

    public static RunningProgram Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        RunningProgram.Start(Programs.Start(Program, environment, arguments));

    /// <summary>Runs it to its end: where it refuses to start, or does one thing only.</summary>
    public static Task<ProcessRun> RunAsync(params string[] arguments) => ProcessRun.RunAsync(Programs.Start(Program, arguments), TestContext.Current.CancellationToken);

    /// <summary>Starts it in a shell that was told something before: <c>ulimit -n 1024</c>, <c>umask 000</c>.</summary>
    public static RunningProgram StartAfter(string command, params string[] arguments)
    {
        var start = Programs.Start(Program, arguments);
        return RunningProgram.Start("bash", ["-c", $"{command}; exec \"$0\" \"$@\"", start.FileName, .. start.ArgumentList]);
    }

    /// <summary>Waits for the line that says where it listens.</summary>
    public static async Task<(Uri Http, Uri Grpc)> ReadyAsync(this RunningProgram exporter)
    {
        // 2026-11-29 08:58:42Z info: runner-metrics-exporter[1] Ready: metrics at http://127.0.0.1:9091/metrics, agents report to http://127.0.0.1:9095
        var ready = await exporter.WaitForLineAsync("Ready: metrics at (.*)/metrics, agents report to (\\S*)");
        return (new Uri(ready.Groups[1].Value), new Uri(ready.Groups[2].Value));
    }
}
