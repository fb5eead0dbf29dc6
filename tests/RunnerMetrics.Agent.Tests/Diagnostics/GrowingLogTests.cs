using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

public class GrowingLogTests
{
    private static readonly LogCourse Course = LogCourse.OfJobs("cancel", "worker-kill9", "ok", "init-failure");
    private static readonly string[] Whole = Course.Read().Told();

    public static TheoryData<string> Scenarios => Scenario.All;

    [Fact]
    public void Read_LineByLine_TellsTheSame() => Assert.Equal(Whole, LogCourse.ReadAsItGrows(Course.Lines).Told());

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Read_InRandomPieces_TellsTheSame(int seed)
    {
        var random = new Random(seed);
        var pieces = Course.Lines.SelectMany(line => line.Bytes.Chunk(random.Next(1, 40)).Select(chunk => line with { Bytes = chunk }));
        Assert.Equal(Whole, LogCourse.ReadAsItGrows(pieces).Told());
    }

    [Fact]
    public void Read_ByteByByte_TellsTheSame()
    {
        var course = SmallLog.Course();
        Assert.Equal(
            course.Read().Told(),
            LogCourse.ReadAsItGrows(course.Lines.SelectMany(line => line.Bytes.Select(one => line with { Bytes = [one] }))).Told());
    }

    [Fact]
    public void Read_EverySplitInTwo_TellsTheSame()
    {
        var course = SmallLog.Course();
        var whole = course.Read().Told();
        Assert.Equal(2, whole.Length);
        for (var line = 0; line < course.Lines.Count; line++)
        {
            for (var cut = 1; cut < course.Lines[line].Bytes.Length; cut++)
            {
                var halves = course.Lines.SelectMany((piece, index) => index == line
                    ? new[] { piece with { Bytes = piece.Bytes[..cut] }, piece with { Bytes = piece.Bytes[cut..] } } : [piece]);
                Assert.Equal(whole, LogCourse.ReadAsItGrows(halves).Told());
            }
        }
    }

    // The logs up to any moment tell the beginning of what they tell in the end: nothing is invented that more of them would take back.
    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Read_EveryPrefix_TellsABeginningOfTheWhole(string name)
    {
        var course = LogCourse.OfJobs(name);
        var whole = course.Read().Told();
        foreach (var count in course.Moments)
        {
            var told = course.Read(count, final: false).Events.Told();
            Assert.Equal(whole.Take(told.Length), told);
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Read_EveryPrefixOnce_ConcludesNothingThatTheWholeDoesNot(string name)
    {
        var course = LogCourse.OfJobs(name);
        var whole = course.Read().OfType<JobEnded>().Told();
        foreach (var count in course.Moments)
        {
            var told = course.Read(count, final: true).Events.OfType<JobEnded>().Told();
            Assert.Equal(whole.Take(told.Length), told);
        }
    }

    // Whatever the worker's log lacks, success comes from somebody's word for it.
    [Fact]
    public void Read_WorkerLogBehindTheListeners_NeverSaysSuccessOfAnotherEnd()
    {
        foreach (var name in new[] { "fail", "cancel", "worker-kill9", "init-failure", "started-hook-fails" })
        {
            var scenario = Scenario.Load(name);
            var lines = scenario.Worker.Split('\n');
            for (var count = 0; count <= lines.Length; count += 31)
            {
                var events = Scenario.Read(
                    new MemoryLog((scenario.ListenerPage, scenario.Listener)),
                    new MemoryLog((scenario.WorkerPage, string.Join('\n', lines.Take(count)))));
                Assert.DoesNotContain("success", events.Verdicts());
            }
        }
    }
}
