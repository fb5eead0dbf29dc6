using System.Text.RegularExpressions;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>A runner on Windows ends its lines with CR LF (its trace listener writes Environment.NewLine). What is read from the files is the same.</summary>
public class WindowsLogTests
{
    public static TheoryData<string> Scenarios => Scenario.All;

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Read_LinesThatEndAsOnWindows_TellTheSame(string name)
    {
        var scenario = Scenario.Load(name);
        Assert.Contains('\n', scenario.Worker);
        Assert.Equal(Read(scenario), Read(scenario with { Listener = AsOnWindows(scenario.Listener), Worker = AsOnWindows(scenario.Worker) }));
    }

    private static List<string> Read(Scenario scenario)
    {
        using var folder = new LogFolder();
        folder.Write(scenario.WorkerPage, scenario.Worker);
        folder.Write(scenario.ListenerPage, scenario.Listener);
        folder.Read(final: true);
        Assert.NotEmpty(folder.Events);
        // A life of a listener is told from others by the bytes that its log begins with.
        return [.. folder.Events.Select(one => Regex.Replace(one.ToString(), "InstanceId = [0-9a-f]{32}", "InstanceId"))];
    }

    private static string AsOnWindows(string text) => text.Replace("\n", "\r\n", StringComparison.Ordinal);
}
