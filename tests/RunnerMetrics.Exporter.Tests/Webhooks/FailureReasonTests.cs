using RunnerMetrics.Exporter.Tests.Support;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;
using FailureReason = RunnerMetrics.Contracts.V1.JobCompleted.Types.FailureReason;

namespace RunnerMetrics.Exporter.Tests.Webhooks;

/// <summary>GitHub says that a job failed before its runner's agent does: the job counts at once, the reason of the failure when the agent had its say.</summary>
public class FailureReasonTests
{
    private const string Failed = "github_runner_jobs_total{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\",status=\"failed\"}";

    [Theory]
    [InlineData(null, FailureReason.Job, "job")]
    [InlineData("Run make", FailureReason.Setup, "setup")]
    [InlineData("Run make", FailureReason.Runner, "runner")]
    [InlineData("Run make", FailureReason.Unknown, "job")]
    [InlineData("Set up job", FailureReason.Unspecified, "setup")]
    [InlineData(null, FailureReason.Unknown, "unknown")]
    public void Take_AgentSpeaksInTime_ItsReasonCounts(string? step, FailureReason agents, string expected)
    {
        using var fleet = new WebhookFleet();
        fleet.Take(AgentEvents.Heartbeat("h"));
        Fail(fleet, step);
        Assert.Equal((1, ""), (fleet.Counts()[Failed], ReasonsOf(fleet)));

        fleet.Restart();
        fleet.Judge(AgentEvents.Now.AddSeconds(59));
        Assert.Equal("", ReasonsOf(fleet));
        Complete(fleet, Conclusion.Failed, agents);
        fleet.Judge(AgentEvents.Now.AddHours(1));

        Assert.Equal((1, expected), (fleet.Counts()[Failed], ReasonsOf(fleet)));
        Assert.DoesNotContain(fleet.Counts().Keys, key => key.Contains("corrections", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "unknown")]
    [InlineData("Run make", "job")]
    [InlineData("Complete job", "runner")]
    public void Judge_AgentSaysNothingForAMinute_CountsAsFarAsTheStepsTell(string? step, string expected)
    {
        using var fleet = new WebhookFleet();
        fleet.Take(AgentEvents.Heartbeat("h"));
        Fail(fleet, step);

        fleet.Judge(AgentEvents.Now.AddSeconds(61));
        Assert.Equal(expected, ReasonsOf(fleet));

        // What the agent says then comes too late for the reason, and is no other job.
        Complete(fleet, Conclusion.Failed, FailureReason.Setup);
        fleet.Judge(AgentEvents.Now.AddSeconds(62));
        Assert.Equal((1, expected), (fleet.Counts()[Failed], ReasonsOf(fleet)));
        fleet.Restart();
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public void Take_NoLivingAgent_CountsTheReasonAtOnce(bool isKnown, bool isSilent)
    {
        using var fleet = new WebhookFleet();
        if (isKnown)
        {
            fleet.Take(AgentEvents.Heartbeat("h"));
            if (isSilent)
            {
                fleet.Judge(AgentEvents.Now.AddSeconds(31));
            }
            else
            {
                fleet.Take(AgentEvents.Stopped("s", 1));
            }
        }

        Fail(fleet, "Run make");

        Assert.Equal("job", ReasonsOf(fleet));
    }

    [Theory]
    [InlineData(Conclusion.Cancelled, FailureReason.Unspecified, "unknown")]
    [InlineData(Conclusion.Lost, FailureReason.Runner, "runner")]
    public void Take_AgentSaysAnotherEnd_CountsTheReasonAndTheCorrection(Conclusion end, FailureReason reason, string expected)
    {
        using var fleet = new WebhookFleet();
        fleet.Take(AgentEvents.Heartbeat("h"));
        Fail(fleet, null);
        Complete(fleet, end, reason);

        var counts = fleet.Counts();
        Assert.Equal((1, expected), (counts[Failed], ReasonsOf(fleet)));
        Assert.Single(counts, count => count.Key.Contains("corrections", StringComparison.Ordinal));
    }

    [Fact]
    public void Take_EphemeralRunnerLeavesBeforeItsAgentSpoke_LosesNoReason()
    {
        using var fleet = new WebhookFleet();
        var runner = AgentEvents.Runner("r1").With(r => r.Ephemeral = true);
        fleet.Take(AgentEvents.Heartbeat("h", runner: runner));
        Fail(fleet, "Run make");
        fleet.Take(AgentEvents.Stopped("s", 1).With(stopped => stopped.Runner = runner));

        Assert.Equal("job", ReasonsOf(fleet));
        fleet.Restart();
    }

    private static void Fail(WebhookFleet fleet, string? step) => fleet.Take(Payload.Job("completed", job =>
    {
        job["conclusion"] = "failure";
        job["steps"] = new System.Text.Json.Nodes.JsonArray(
            step is null ? [] : [new System.Text.Json.Nodes.JsonObject { ["name"] = step, ["status"] = "completed", ["conclusion"] = "failure" }]);
    }));

    private static void Complete(WebhookFleet fleet, Conclusion end, FailureReason reason) =>
        fleet.Take(AgentEvents.Completed("c", "j", -60, -10, end).With(told => (told.JobCompleted.Job.CheckRunId, told.JobCompleted.FailureReason) = (1001, reason)));

    private static string ReasonsOf(WebhookFleet fleet) => string.Join(' ', fleet.Samples()
        .Where(sample => sample.Key.StartsWith("github_runner_job_failures_total", StringComparison.Ordinal))
        .Select(sample => sample.Key.Split("reason=\"")[1].TrimEnd('"', '}') + (sample.Value == 1 ? "" : " many")));
}
