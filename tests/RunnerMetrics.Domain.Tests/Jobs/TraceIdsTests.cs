using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Domain.Tests.Jobs;

/// <summary>The ids that the Collector's GitHub receiver gives a run, and that a job can compute: <c>printf 97539497631t | sha256sum | cut -c1-32</c>.</summary>
public class TraceIdsTests
{
    [Fact]
    public void Of_ARunAndItsJob_AreThoseOfTheReceiver()
    {
        Assert.Equal("0bd0afbe17036e89e4a05c993dace1da", TraceIds.TraceOf(9753949763, 1));
        Assert.Equal("1497fe109b00d3c0", TraceIds.RunSpanOf(9753949763, 1));
        Assert.Equal("55b9b8b34bb88fcf", TraceIds.JobSpanOf(26920038674));
        Assert.Equal("de3cc97bbbb4d696", TraceIds.QueueSpanOf("26920038674"));
        Assert.Equal("c5cd4d50dd7f591c", TraceIds.StepSpanOf("26920038674", "Run tests"));
    }

    [Fact]
    public void TraceOf_AttemptNotKnown_IsTheFirstOnes() => Assert.Equal(TraceIds.TraceOf(7, 1), TraceIds.TraceOf(7, 0));
}
