using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Tests.Diagnostics;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Simulator.Running;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Agent.Tests.Delivery;

public class DeliveryTests
{
    [Fact]
    public async Task Run_JobInTheLogs_DeliversItsStartAndItsEnd()
    {
        await using var agent = new RunningAgent();
        agent.Start();
        agent.WriteJob();
        await agent.UntilAsync(() => agent.Collector.Accepted.Count == 2, "two events");
        var (started, completed) = (agent.Collector.Accepted[0], agent.Collector.Accepted[1]);
        Assert.Equal("büild", started.JobStarted.Job.Name);
        Assert.Equal(SmallLog.Job, started.JobStarted.Job.JobId);
        Assert.Equal(started.JobStarted.Job, completed.JobCompleted.Job);
        Assert.Equal(JobCompleted.Types.Conclusion.Success, completed.JobCompleted.Conclusion);
        Assert.Equal(JobCompleted.Types.FailureReason.Unspecified, completed.JobCompleted.FailureReason);
        Assert.Equal(TimeSpan.FromSeconds(7), completed.JobCompleted.CompletedAt.ToDateTimeOffset() - completed.JobCompleted.StartedAt.ToDateTimeOffset());
        Assert.All(agent.Collector.Accepted, sent =>
        {
            Assert.Equal((Scenario.RunnerName, "chrome", "2.336.0"), (sent.Runner.Name, sent.Runner.Type, sent.Runner.Version));
            Assert.NotEqual("", sent.Runner.InstanceId);
        });
        Assert.Equal(0, await agent.StopAsync());
    }

    [Theory]
    [InlineData(nameof(DeliveryProblem.Unavailable), "Warning The collector does not accept events: away")]
    [InlineData(nameof(DeliveryProblem.Unauthenticated), "Error The collector does not accept this agent's token: away")]
    [InlineData(nameof(DeliveryProblem.Refused), "Error The collector refuses a batch: away")]
    public async Task Run_CollectorDoesNotTakeABatch_KeepsItUntilItDoes(string problem, string said)
    {
        await using var agent = new RunningAgent();
        agent.Collector.Fails = call => call <= 4 ? new DeliveryException(Enum.Parse<DeliveryProblem>(problem), "away") : null;
        agent.WriteJob();
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Accepted.Count == 2, "two events");
        await agent.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(2, agent.Collector.Sent.Count);
        Assert.Contains(agent.Log.Lines, line => line.StartsWith(said, StringComparison.Ordinal));
        Assert.Contains("Information The collector accepts events again.", agent.Log.Lines);
    }

    [Fact]
    public async Task Run_SendingFailsAsNobodyForesaw_SaysSoAndGoesOnFromTheSpool()
    {
        await using var agent = new RunningAgent();
        agent.Collector.Fails = call => call <= 2 ? new NotSupportedException("unforeseen") : null;
        agent.WriteJob();
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Accepted.Count == 2, "two events");
        Assert.Equal(2, agent.Log.Lines.Count(line => line.StartsWith("Error Unexpected error", StringComparison.Ordinal)));
        Assert.Equal(0, await agent.StopAsync());
    }

    [Theory]
    [InlineData(Outcome.Unsupported)]
    [InlineData(Outcome.Unspecified)]
    [InlineData((Outcome)99)]
    [InlineData(null)]
    public async Task Run_EventIsNotSettled_IsSentAgainUntilItIsAndTheOtherIsNot(Outcome? outcome)
    {
        await using var agent = new RunningAgent();
        agent.Collector.AnswersWith((sent, call) => call <= 3 && sent.JobCompleted is not null
            ? outcome is { } given ? FakeCollector.Answer(sent, given) : null
            : FakeCollector.Answer(sent, Outcome.Accepted));
        agent.WriteJob();
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Accepted.Count == 2, "two events");
        await agent.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Single(agent.Collector.Sent, sent => sent.JobStarted is not null);
        Assert.Equal(4, agent.Collector.Sent.Count(sent => sent.JobCompleted is not null));
        Assert.Single(agent.Collector.Sent.Where(sent => sent.JobCompleted is not null).Select(sent => sent.EventId).Distinct());
        Assert.Contains(agent.Log.Lines, line => line.Contains("did not settle 1 events", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_EventIsRejected_SaysSoAndDoesNotSendItAgain()
    {
        await using var agent = new RunningAgent();
        agent.Collector.AnswersWith((sent, _) => FakeCollector.Answer(sent, Outcome.Rejected, "too_old"));
        agent.WriteJob();
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Sent.Count == 2, "two events");
        await agent.PassAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(2, agent.Collector.Sent.Count);
        Assert.Equal(2, agent.Log.Lines.Count(line => line.Contains(": too_old It is not sent again.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_AnswerNamesAnEventThatWasNotSent_SettlesNothingByIt()
    {
        await using var agent = new RunningAgent();
        agent.Collector.AnswersWith((sent, call) => call == 1 ? new EventResult { EventId = "x" + sent.EventId, Outcome = Outcome.Duplicate } : FakeCollector.Answer(sent, Outcome.Accepted));
        agent.WriteJob();
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Accepted.Count == 2, "two events");
    }

    [Fact]
    public async Task Run_ManyJobsAndACollectorThatComesAndGoes_DeliversEachEventOnceAndInOrder()
    {
        await using var agent = new RunningAgent { BatchSize = 7 };
        var did = SimulatedHistory.Write(agent.Diag, 40, new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero), seed: 5, Scenario.RunnerName);
        var random = new Random(5);
        agent.Collector.Fails = _ => random.Next(3) == 0 ? new DeliveryException(DeliveryProblem.Unavailable, "away") : null;
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Accepted.Count(sent => sent.JobCompleted is not null) == did.Count, "every job");
        Assert.Equal(did.Select(job => job.JobId.ToString()), agent.Collector.Accepted.Where(sent => sent.JobStarted is not null).Select(sent => sent.JobStarted.Job.JobId));
        Assert.Equal(did.Select(job => job.JobId.ToString()), agent.Collector.Accepted.Where(sent => sent.JobCompleted is not null).Select(sent => sent.JobCompleted.Job.JobId));
        Assert.Distinct(agent.Collector.Sent.Select(sent => sent.EventId));
        Assert.Equal(agent.Collector.Sent.Select(sent => sent.OccurredAt), agent.Collector.Sent.Select(sent => sent.OccurredAt).Order());
    }
}
