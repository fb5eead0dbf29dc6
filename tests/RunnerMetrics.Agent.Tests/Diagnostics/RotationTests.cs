using System.Text;
using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>The runner continues in a new page after any whole message (HostTraceListener.cs, WriteLine), never within one.</summary>
public class RotationTests
{
    public static TheoryData<string> Scenarios => Scenario.All;

    [Theory]
    [InlineData("cancel")]
    [InlineData("worker-kill9")]
    [InlineData("init-failure")]
    [InlineData("started-hook-fails")]
    public void Read_WorkerGoesOnInANewPageAfterAnyMessage_ConcludesAsExpected(string name)
    {
        var scenario = Scenario.Load(name);
        foreach (var cut in Messages(scenario.Worker).Skip(1))
        {
            var worker = new MemoryLog(("Worker_1", scenario.Worker[..cut]), ("Worker_2", scenario.Worker[cut..]));
            scenario.AssertAsExpected(Scenario.Read(new MemoryLog((scenario.ListenerPage, scenario.Listener)), worker));
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Read_ListenerGoesOnInANewPageAfterAnyMessage_ConcludesAsExpected(string name)
    {
        var scenario = Scenario.Load(name);
        foreach (var cut in Messages(scenario.Listener).Skip(1))
        {
            var listener = new MemoryLog(("Runner_1", scenario.Listener[..cut]), ("Runner_2", scenario.Listener[cut..]));
            scenario.AssertAsExpected(Scenario.Read(listener, new MemoryLog((scenario.WorkerPage, scenario.Worker))));
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Read_EveryMessageInAPageOfItsOwn_ConcludesAsExpected(string name)
    {
        var scenario = Scenario.Load(name);
        scenario.AssertAsExpected(Scenario.Read(Pages("Runner", scenario.Listener, 1), Pages("Worker", scenario.Worker, 20)));
    }

    [Fact]
    public void Read_SeveralJobsOverManyPages_ConcludesEach()
    {
        var course = LogCourse.OfJobs("ok", "fail", "cancel", "worker-kill9", "started-hook-fails");
        var listener = Text(course, LogKind.Listener);
        var worker = new MemoryLog();
        foreach (var log in course.Lines.Where(piece => piece.Kind == LogKind.Worker).GroupBy(piece => piece.Page))
        {
            var text = string.Concat(log.Select(piece => Encoding.UTF8.GetString(piece.Bytes)));
            foreach (var (page, content) in Cut("Worker", text, 30))
            {
                worker.Append(page, Encoding.UTF8.GetBytes(content));
            }
        }

        Assert.Equal(course.Read().Told(), Scenario.Read(new MemoryLog((course.Lines[0].Page, listener)), worker).Told());
    }

    private static string Text(LogCourse course, LogKind kind) =>
        string.Concat(course.Lines.Where(piece => piece.Kind == kind).Select(piece => Encoding.UTF8.GetString(piece.Bytes)));

    private static MemoryLog Pages(string prefix, string text, int messages) => new([.. Cut(prefix, text, messages)]);

    // A page's name is the time of the line that filled the one before; those of one second would be one file, so they are told apart here.
    private static IEnumerable<(string Page, string Content)> Cut(string prefix, string text, int messages)
    {
        var cuts = Messages(text).Where((_, index) => index % messages == 0).Append(text.Length).ToList();
        return cuts.Zip(cuts.Skip(1)).Select((cut, index) => (
            $"{prefix}_{TimeOf(text, cut.First == 0 ? 0 : text.LastIndexOf("\n[20", cut.First - 2, StringComparison.Ordinal) + 1)}-utc-{index:D5}.log",
            text[cut.First..cut.Second]));
    }

    // [2026-11-21 00:22:43Z
    private static string TimeOf(string text, int line) => text[(line + 1)..(line + 20)].Replace("-", "", StringComparison.Ordinal).Replace(":", "", StringComparison.Ordinal).Replace(' ', '-');

    private static IEnumerable<int> Messages(string text)
    {
        for (var at = 0; at >= 0; at = text.IndexOf("\n[20", at, StringComparison.Ordinal) is >= 0 and var found ? found + 1 : -1)
        {
            yield return at;
        }
    }
}
