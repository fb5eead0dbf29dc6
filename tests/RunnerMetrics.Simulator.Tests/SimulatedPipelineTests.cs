using System.Text.Json.Nodes;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Simulator.GitHub;

namespace RunnerMetrics.Simulator.Tests;

public class SimulatedPipelineTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 6, 0, 0, TimeSpan.Zero);

    private readonly List<(string Name, JsonNode Payload)> _told = [];
    private readonly List<IReadOnlyList<string>> _reports = [];

    [Fact]
    public void Follow_ManyBuilds_EachDeploysOnceAndWhatBreaksIsMendedByTheNext()
    {
        var pipeline = New();
        for (var id = 1; id <= 60; id++)
        {
            Run(pipeline, id, "build", id % 10 == 0 ? JobConclusion.Failed : JobConclusion.Success);
        }

        Assert.Equal(60, Deliveries("push").Count());
        Assert.Equal((54, 6), (pipeline.GoodDeployments, pipeline.FailedDeployments));
        var deployments = Deliveries("deployment_status").GroupBy(payload => (long)payload["deployment"]!["id"]!).ToArray();
        Assert.Equal(60, deployments.Length);
        Assert.All(deployments, one => Assert.Equal(
            ["pending", "in_progress", one.Key % 10 == 0 ? "failure" : "success"], one.Select(payload => (string?)payload["deployment_status"]!["state"])));
        Assert.True(pipeline.Incidents > 5);
        Assert.InRange(pipeline.Reworks, pipeline.Incidents - 1, pipeline.Incidents);
        Assert.Equal(pipeline.Reworks, _reports.Count(report => report[0] == "deployment" && report.Contains("--rework")));
        Assert.Equal(pipeline.Incidents, _reports.Count(report => report[0] == "incident" && report.Contains("--deployment-id")));
        Assert.Equal(pipeline.Reworks, _reports.Count(report => report[0] == "incident" && report.Contains("--resolved-at")));
    }

    [Fact]
    public void Follow_Commit_IsPushedOnceBeforeItsJobs()
    {
        var pipeline = New();
        Run(pipeline, 1, "lint", JobConclusion.Success);
        Run(pipeline, 2, "test", JobConclusion.Success, sha: 1);

        var push = Assert.Single(Deliveries("push"));
        Assert.True(DateTimeOffset.Parse((string)push["head_commit"]!["timestamp"]!, null) <= Start);
        Assert.Empty(Deliveries("deployment_status"));
    }

    [Fact]
    public void Follow_NobodyTakesReports_BreaksNothing()
    {
        var pipeline = new SimulatedPipeline((name, payload) => _told.Add((name, JsonNode.Parse(payload)!)));
        for (var id = 1; id <= 30; id++)
        {
            Run(pipeline, id, "build", JobConclusion.Success);
        }

        Assert.Equal((30, 0, 0), (pipeline.GoodDeployments, pipeline.Incidents, pipeline.Reworks));
    }

    private SimulatedPipeline New() => new((name, payload) => _told.Add((name, JsonNode.Parse(payload)!))) { OnReport = _reports.Add };

    private IEnumerable<JsonNode> Deliveries(string name) => _told.Where(told => told.Name == name).Select(told => told.Payload);

    private static void Run(SimulatedPipeline pipeline, int id, string name, JobConclusion conclusion, int? sha = null)
    {
        var queued = new WorkflowJobNews(id, "acme/shop", "CI", name, id, 1, (sha ?? id).ToString("x40", null), "standard", Start.AddMinutes(id - 1));
        var running = queued with { RunnerName = "r1", StartedAt = queued.CreatedAt.AddSeconds(5) };
        pipeline.Follow(queued);
        pipeline.Follow(running);
        pipeline.Follow(running with { CompletedAt = running.StartedAt?.AddSeconds(30), Conclusion = conclusion });
    }
}
