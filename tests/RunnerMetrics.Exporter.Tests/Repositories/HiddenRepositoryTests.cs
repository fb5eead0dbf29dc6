using System.Net;
using System.Text;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Exporter.Tests.Repositories;

/// <summary>Names that are not to appear: in nothing that is served, and in nothing that is kept.</summary>
public sealed class HiddenRepositoryTests : IDisposable
{
    private static readonly string[] Names = ["secret", "Payroll", "private", "4711"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Jobs_OfHiddenRepositories_CountForTheirRunnerAndNameNothing()
    {
        await using (var exporter = await StartAsync())
        {
            await exporter.SendAsync(AgentEvents.Heartbeat("beat"), Completed("1", "acme/shop"), Completed("2", "acme/secret-plan"), Completed("3", "acme/private-lab"));

            Assert.Equal("3", await exporter.SampleAsync("github_runner_jobs_total{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\",status=\"success\"}"));
            var text = await exporter.ScrapeAsync("application/openmetrics-text;version=1.0.0");
            Assert.Contains("github_workflow_jobs_total{repository=\"acme/shop\",workflow=\"Payroll\",status=\"success\"} 1", text, StringComparison.Ordinal);
            Assert.Matches("github_workflow_jobs_total\\{repository=\"acme/hashed-[0-9a-f]{12}\",workflow=\"Payroll\",status=\"success\"\\} 1", text);
            Assert.DoesNotContain("~", text, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
            Assert.DoesNotContain("private", text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("secret", Kept(), StringComparison.Ordinal);
        Assert.DoesNotContain("private", Kept(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_OfAnExcludedRepository_ToldByAgentAndWebhook_CountsOnceAndLeavesNoName()
    {
        var scope = AgentEvents.Runner().With(runner => runner.Scope = "github.com/acme/secret-plan");
        await using (var exporter = await StartAsync())
        {
            await exporter.SendAsync(AgentEvents.Heartbeat("beat", runner: scope), Completed("1", "acme/secret-plan", scope, checkRun: 1001));
            var payload = Payload.Job("completed", job => (job["run_id"], job["workflow_name"], job["name"]) = (4711, "Payroll", "Payroll run"));
            (payload["repository"]!["full_name"], payload["repository"]!["html_url"]) = ("acme/secret-plan", "https://github.com/acme/secret-plan");
            await exporter.TakesAsync(payload);

            var text = await exporter.FleetTextAsync();
            Assert.Matches("(?m)^github_runner_jobs_total\\{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme/~[0-9a-f]{12}\",status=\"success\"\\} 1$", text);
            Assert.Matches("(?m)^github_runner_job_queue_duration_seconds_count\\{.*\\} 1$", text);
            Assert.DoesNotContain("github_workflow_jobs_total{", text, StringComparison.Ordinal);
            text = await exporter.ScrapeAsync("application/openmetrics-text;version=1.0.0");
            Assert.All(Names, name => Assert.DoesNotContain(name, text, StringComparison.Ordinal));
        }

        Assert.All(Names[..3], name => Assert.DoesNotContain(name, Kept(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deployments_OfAnExcludedRepository_AreDroppedAndCounted()
    {
        await using (var exporter = await StartAsync())
        {
            var results = await exporter.SendAsync(AgentEvents.Deployment("d1", "1", repository: "acme/secret-plan"), AgentEvents.Deployment("d2", "2"));
            Assert.Equal([Outcome.Rejected, Outcome.Accepted], results.Select(result => result.Outcome));
            Assert.StartsWith("excluded_repository: ", results[0].Reason, StringComparison.Ordinal);
            var payload = Payload.Deployment("success", id: 502);
            payload["repository"]!["full_name"] = "acme/secret-plan";
            var (status, text) = await exporter.DeliverAsync(payload.Bytes(), "deployment_status");

            Assert.Equal(HttpStatusCode.Accepted, status);
            Assert.StartsWith("excluded_repository: ", text, StringComparison.Ordinal);
            Assert.DoesNotContain("secret-plan", text, StringComparison.Ordinal);
            Assert.Equal("1", await exporter.SampleAsync("runner_metrics_events_rejected_total{source=\"grpc\",reason=\"excluded_repository\"}"));
            Assert.Equal("1", await exporter.SampleAsync("runner_metrics_events_rejected_total{source=\"webhook\",reason=\"excluded_repository\"}"));
            Assert.Contains("github_deployments_total{repository=\"acme/shop\"", await exporter.FleetTextAsync(), StringComparison.Ordinal);
            Assert.DoesNotContain("secret", await exporter.ScrapeAsync(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("secret", Kept(), StringComparison.Ordinal);
    }

    private Task<RunningExporter> StartAsync() => RunningExporter.StartAsync(new ExporterOptions
    {
        DataDirectory = _folder.Path,
        WebhooksWithoutSecret = true,
        Repositories = ["acme/*", "!acme/secret-*", "#acme/private-*"],
    });

    private static Event Completed(string id, string repository, Runner? runner = null, long checkRun = 0) =>
        AgentEvents.Completed(id, $"job-{id}", runner: runner).With(wire =>
        {
            var job = wire.JobCompleted.Job;
            (job.Repository, job.Workflow, job.Name, job.RunId, job.CheckRunId) = (repository, "Payroll", "Payroll run", 4711, checkRun);
        });

    private string Kept() => string.Concat(Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))));
}
