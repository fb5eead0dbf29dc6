using System.Xml;
using RunnerMetrics.AutomationWorker.Programs;
using RunnerMetrics.AutomationWorker.Watching;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AutomationWorker.Tests.Watching;

public sealed class TestRunTests : IDisposable
{
    // As xunit.v3 3.2.2 writes it with -trx, shortened.
    private const string Report = """
        <?xml version="1.0" encoding="utf-8"?>
        <TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">
          <Results>
            <UnitTestResult testName="CalcTests.Adds" outcome="Failed" duration="00:00:00.1408585">
              <Output><StdOut>&lt;a&gt;</StdOut><ErrorInfo><Message>Assert.Equal() Failure: Values differ</Message><StackTrace>at CalcTests.Adds()</StackTrace></ErrorInfo></Output>
            </UnitTestResult>
            <UnitTestResult testName="CalcTests.Later" outcome="NotExecuted" duration="00:00:00.0000000"><Output><StdOut>later</StdOut></Output></UnitTestResult>
            <UnitTestResult testName="CalcTests.Subtracts" outcome="Passed" duration="00:00:00.0015929" />
            <UnitTestResult testName="CalcTests.Hangs" outcome="Timeout" />
            <UnitTestResult testName="CalcTests.Multiplies" outcome="Passed" duration="00:00:00.0015929" />
          </Results>
        </TestRun>
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static (int, int, int) Counts(TestRun run) => (run.Counts.Passed, run.Counts.Failed, run.Counts.Errors);

    private static ProgramRun Ended(int code) => new(code, "", null);

    [Fact]
    public void TrxReport_RealReport_CountsWhatRan()
    {
        var counts = TrxReport.Read(_folder.Write("r.trx", Report));

        Assert.Equal((2, 1, 1), (counts.Passed, counts.Failed, counts.Errors));
        Assert.Equal([new FailedTest("CalcTests.Adds", "Assert.Equal() Failure: Values differ"), new FailedTest("CalcTests.Hangs", "")], counts.Failures);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html/>")]
    [InlineData("<TestRun><Results><UnitTestResult outcome=\"Passed\"/>")]
    [InlineData("<!DOCTYPE TestRun [<!ENTITY a \"b\">]><TestRun>&a;</TestRun>")]
    public void TrxReport_NoWholeReport_IsRefused(string text) => Assert.Throws<XmlException>(() => TrxReport.Read(_folder.Write("r.trx", text)));

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 0, 1)]
    [InlineData(137, 0, 1)]
    public void Read_NoReportsAskedFor_TakesTheExitCode(int code, int passed, int failed) =>
        Assert.Equal((passed, failed, 0), Counts(TestRun.Read(Ended(code), null)));

    [Fact]
    public void Read_CommandThatDidNotEnd_IsAnErrorAndNoPass()
    {
        var run = TestRun.Read(new ProgramRun(null, "", "it was ended"), []);
        Assert.Equal((0, 0, 1), Counts(run));
        Assert.Equal("it was ended", run.CommandProblem);
    }

    [Fact]
    public void Read_BuildThatBrokeBeforeAnyTest_IsAnError() => Assert.Equal((0, 0, 1), Counts(TestRun.Read(Ended(1), [])));

    [Fact]
    public void Read_EndedWellWithoutAReport_KnowsNothing()
    {
        var run = TestRun.Read(Ended(0), []);
        Assert.Equal((0, 0, 0), Counts(run));
        Assert.Single(run.ReportProblems);
    }

    [Fact]
    public void Read_SeveralReports_AddUpAndABrokenOneIsAnError()
    {
        var run = TestRun.Read(Ended(1), [_folder.Write("a.trx", Report), _folder.Write("b.trx", Report), _folder.Write("c.trx", "<TestRun>")]);
        Assert.Equal((4, 2, 3), Counts(run));
        Assert.StartsWith(Path.Combine(_folder.Path, "c.trx"), Assert.Single(run.ReportProblems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ProgramOverItsTime_IsEndedWithAllThatItStarted()
    {
        var script = _folder.Write("slow.sh", "echo begun; sleep 600 & echo $! > child; wait\n");
        var clock = new ManualTimeProvider();
        var running = ProgramRun.RunAsync(["/bin/sh", script], _folder.Path, TimeSpan.FromSeconds(1), clock, TestContext.Current.CancellationToken);
        var file = new FileInfo(Path.Combine(_folder.Path, "child"));
        await Wait.UntilAsync(
            () =>
            {
                file.Refresh();
                return file is { Exists: true, Length: > 0 };
            },
            "it has started a child");
        clock.Advance(TimeSpan.FromSeconds(1));
        var run = await running;

        Assert.Null(run.ExitCode);
        Assert.Equal("begun", run.Output);
        var child = (await File.ReadAllTextAsync(file.FullName, TestContext.Current.CancellationToken)).Trim();
        await Wait.UntilAsync(() => !Directory.Exists($"/proc/{child}") || IsDead(child), "its child has ended");
    }

    [Fact]
    public async Task RunAsync_NoSuchProgram_SaysSo()
    {
        var run = await ProgramRun.RunAsync(["no-such-program"], _folder.Path, TimeSpan.FromSeconds(60), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Contains("'no-such-program' cannot be started", run.Problem, StringComparison.Ordinal);
    }

    // A child whose parent was killed may stand as a zombie until somebody asks after it.
    private static bool IsDead(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }
}
