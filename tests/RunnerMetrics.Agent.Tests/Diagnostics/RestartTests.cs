using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>The agent ends at some moment and continues later from its checkpoint.</summary>
public class RestartTests
{
    private static readonly LogCourse Course = LogCourse.OfJobs("cancel", "worker-kill9", "init-failure");
    private static readonly EventFactory Factory = new(RunnerSettings.Unknown with { Name = Scenario.RunnerName }, "standard");

    [Fact]
    public void Read_RestartAtEveryMoment_TellsEveryEventAndNoOther()
    {
        var whole = Events(Course.Read());
        foreach (var count in Course.Moments)
        {
            var (before, checkpoint) = Course.Read(count, final: false);
            var (after, _) = Course.Read(Course.Lines.Count, final: true, checkpoint);
            Assert.Equal(whole, Events(before.Concat(after)).Distinct());
        }
    }

    [Fact]
    public void Read_RestartWhereNoJobIsOpen_RepeatsNothing()
    {
        var whole = Course.Read().Told();
        var repeating = 0;
        foreach (var count in Course.Moments)
        {
            var (before, checkpoint) = Course.Read(count, final: false);
            if (before.OfType<JobBegan>().Count() != before.OfType<JobEnded>().Count())
            {
                continue;
            }

            var (after, _) = Course.Read(Course.Lines.Count, final: true, checkpoint);
            if (before.Count + after.Count == whole.Length)
            {
                Assert.Equal(whole, before.Concat(after).Told());
            }
            else
            {
                repeating++;
            }
        }

        // A job is read again from between its end and the line after it, which repeats its name.
        Assert.Equal(3, repeating);
    }

    [Fact]
    public void Read_RestartAgainAndAgain_TellsEveryEventAndNoOther()
    {
        var told = new List<DiagEvent>();
        DiagCheckpoint? checkpoint = null;
        foreach (var count in Course.Moments)
        {
            (var events, checkpoint) = Course.Read(count, final: false, checkpoint);
            told.AddRange(events);
        }

        Assert.Equal(Events(Course.Read()), Events(told).Distinct());
    }

    [Fact]
    public void Read_RestartAfterEverything_TellsNothing()
    {
        var (_, checkpoint) = Course.Read(Course.Lines.Count, final: false);
        Assert.Empty(Course.Read(Course.Lines.Count, final: true, checkpoint).Events);
        Assert.Equal(checkpoint.Logs, Course.Read(Course.Lines.Count, final: true, checkpoint).Checkpoint.Logs);
    }

    private static IEnumerable<string> Events(IEnumerable<DiagEvent> told) => told.Select(one => Factory.From(one).ToString());
}
