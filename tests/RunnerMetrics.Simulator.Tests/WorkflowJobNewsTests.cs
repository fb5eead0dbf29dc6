using System.Text.Json.Nodes;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Simulator.GitHub;
using RunnerMetrics.Simulator.Load;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Simulator.Tests;

public sealed class WorkflowJobNewsTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 6, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_GitHubIsListenedTo_TellsOfEveryJobWhatTheRunnerDid()
    {
        List<SimulatedJob> did = [];
        List<WorkflowJobNews> told = [];
        var options = new SimulatorOptions { DiagDirectory = _folder.Path, RunnerName = "r1", RunnerType = "chrome", Jobs = 60 };
        var (profile, planned) = (new LoadProfile("chrome", 5), 0);
        await new SimulatedRunner(options, new HistoryClock(Start), NextJob) { Id = 7, OnJobFinished = did.Add, OnWorkflowJob = told.Add }.RunAsync(TestContext.Current.CancellationToken);

        // Exporters compare the id of the runner's settings with GitHub's.
        Assert.All(Directory.EnumerateFiles(_folder.Path, "Runner_*.log"), log => Assert.Contains("\"AgentId\": 7,", File.ReadAllText(log), StringComparison.Ordinal));
        var jobs = told.GroupBy(news => news.Id).ToArray();
        Assert.Equal(did.Count, jobs.Length);
        Assert.Contains(did, job => job.Conclusion == JobConclusion.Lost);
        foreach (var (job, news) in did.Zip(jobs))
        {
            string[] actions = ["queued", "in_progress", "completed"];
            Assert.Equal(job.Conclusion == JobConclusion.Lost ? actions[..2] : actions, news.Select(n => n.Action));
            Assert.True(job.CheckRunId is null || job.CheckRunId == news.Key);
            var last = news.Last();
            Assert.Equal((job.RunId, job.RunAttempt, job.Name, "r1", 7), (last.RunId, last.RunAttempt, last.Name, last.RunnerName, last.RunnerId));
            Assert.Equal(job.Conclusion == JobConclusion.Lost ? null : job.Conclusion, last.Conclusion);
            Assert.True(last.CreatedAt <= last.StartedAt && !(last.StartedAt > last.CompletedAt));
            AssertSteps(job, last.Steps);
            Assert.InRange((last.StartedAt!.Value - job.StartedAt).TotalSeconds, 0, 1);
        }

        JobPlan NextJob() => ++planned % 7 == 0 ? profile.Next() with { Outcome = JobOutcome.RunnerCrashes, EndsInStep = 0 } : profile.Next();
    }

    // Steps say the reason of the failure where they can: a worker that was killed told of no end.
    private static void AssertSteps(SimulatedJob job, IReadOnlyList<WorkflowStep> steps)
    {
        Assert.Equal("Set up job", steps[0].Name);
        var failed = steps.FirstOrDefault(step => step.Conclusion == "failure")?.Name;
        switch (job.Conclusion, job.FailureReason)
        {
            case (JobConclusion.Success, _):
                Assert.Equal("Complete job", steps[^1].Name);
                Assert.All(steps, step => Assert.Equal("success", step.Conclusion));
                break;
            case (JobConclusion.Cancelled, _):
                Assert.Contains(steps, step => step.Conclusion == "cancelled");
                break;
            case (JobConclusion.Failed, JobFailureReason.Setup):
                Assert.Contains(failed, (string[])["Set up job", "Set up runner"]);
                break;
            case (JobConclusion.Failed, JobFailureReason.Job):
                Assert.DoesNotContain(failed, (string?[])[null, "Set up job", "Set up runner", "Complete runner", "Complete job"]);
                break;
            case (JobConclusion.Failed, _):
                Assert.Null(failed);
                Assert.Null(steps[^1].Conclusion);
                break;
            default:
                Assert.Equal(JobConclusion.Lost, job.Conclusion);
                break;
        }
    }

    [Fact]
    public void Of_News_HasTheFieldsOfGitHubs()
    {
        var news = new WorkflowJobNews(5, "acme/shop", "CI", "build", 7, 1, "abc", "chrome", Start);
        var payload = JsonNode.Parse(WorkflowJobPayload.Of(news))!;
        Assert.Equal("queued", payload["action"]!.GetValue<string>());
        Assert.Null(payload["workflow_job"]!["runner_name"]);

        payload = JsonNode.Parse(WorkflowJobPayload.Of(news with
        {
            RunnerName = "r1",
            StartedAt = Start.AddSeconds(3.7),
            CompletedAt = Start.AddSeconds(9),
            Conclusion = JobConclusion.Failed,
            Steps = [new WorkflowStep("Set up job", "success", Start.AddSeconds(4), Start.AddSeconds(5)), new WorkflowStep("Run make", null, Start.AddSeconds(5), null)],
        }))!;
        Assert.Equal(
            """[{"name":"Set up job","status":"completed","conclusion":"success","number":1,"started_at":"2026-11-20T06:00:04Z","completed_at":"2026-11-20T06:00:05Z"},{"name":"Run make","status":"in_progress","conclusion":null,"number":2,"started_at":"2026-11-20T06:00:05Z","completed_at":null}]""",
            payload["workflow_job"]!["steps"]!.ToJsonString());
        Assert.Equal(("completed", "failure", "2026-11-20T06:00:00Z", "2026-11-20T06:00:03Z", "acme/shop"), (
            payload["action"]!.GetValue<string>(), payload["workflow_job"]!["conclusion"]!.GetValue<string>(), payload["workflow_job"]!["created_at"]!.GetValue<string>(),
            payload["workflow_job"]!["started_at"]!.GetValue<string>(), payload["repository"]!["full_name"]!.GetValue<string>()));
    }
}
