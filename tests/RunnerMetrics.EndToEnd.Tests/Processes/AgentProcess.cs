using System.Diagnostics;
using RunnerMetrics.Agent;
using RunnerMetrics.Standalone;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Processes;

/// <summary>The agent as its own process.</summary>
internal static class AgentProcess
{
    public static RunningProgram Start(string runnerName, string diag, string spool, Uri collector, params string[] more) =>
        RunningProgram.Start(Command(runnerName, diag, spool, collector, more));

    /// <summary>Runs it with <c>--once</c>, to its end.</summary>
    public static Task<ProcessRun> RunOnceAsync(string runnerName, string diag, string spool, Uri collector, params string[] more) =>
        ProcessRun.RunAsync(Command(runnerName, diag, spool, collector, ["--once", .. more]), TestContext.Current.CancellationToken);

    /// <summary>The agent that is its own collector.</summary>
    public static RunningProgram StartStandalone(string runnerName, string diag, string spool, params string[] more) =>
        RunningProgram.Start(Programs.Start(typeof(StandaloneApplication).Assembly, [.. Runner(runnerName, diag, spool), .. more]));

    private static ProcessStartInfo Command(string runnerName, string diag, string spool, Uri collector, string[] more) =>
        Programs.Start(typeof(AgentApplication).Assembly, ["run", .. Runner(runnerName, diag, spool), "--collector", collector.ToString(), .. more]);

    private static string[] Runner(string name, string diag, string spool) => ["--diag", diag, "--spool", spool, "--runner-name", name, "--runner-type", "standard"];
}
