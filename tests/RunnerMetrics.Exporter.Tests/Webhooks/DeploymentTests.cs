using System.Net;
using System.Text.Json.Nodes;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Exporter.Wire;

namespace RunnerMetrics.Exporter.Tests.Webhooks;

/// <summary>What GitHub and pipelines say of deployments, on its way to the state.</summary>
public class DeploymentTests
{
    private const string Production = "repository=\"acme/shop\",environment=\"production\"";

    [Fact]
    public void Take_EveryOrderOfWords_GivesTheSameCounts()
    {
        (string Name, JsonObject Payload)[] words =
        [
            ("push", Payload.Push(committedAt: -7200)), ("deployment", Created()), ("deployment_status", Payload.Deployment("queued", at: -60)),
            ("deployment_status", Payload.Deployment("in_progress", at: -50)), ("deployment_status", Payload.Deployment("success", at: -10)),
            ("deployment_status", Payload.Deployment("inactive")),
        ];
        SortedDictionary<string, double>? first = null;
        foreach (var order in Permutations.Of(words))
        {
            using var fleet = new WebhookFleet();
            foreach (var (name, payload) in order)
            {
                fleet.Take(payload, name: name);
                fleet.Take(payload, name: name);
            }

            fleet.Restart();
            Assert.Equal(first ??= fleet.Samples(), fleet.Samples());
        }

        Assert.Equal(1, first![$"github_deployments_total{{{Production},status=\"success\"}}"]);
        Assert.Equal(1, first[$"github_deployment_lead_time_seconds_count{{{Production}}}"]);
        Assert.Equal(7190, first[$"github_deployment_lead_time_seconds_sum{{{Production}}}"]);
        Assert.DoesNotContain(first.Keys, series => series.Contains("failure", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("success", "success")]
    [InlineData("failure", "failure")]
    [InlineData("error", "failure")]
    [InlineData("inactive", null)]
    [InlineData("pending", null)]
    [InlineData("in_progress", null)]
    [InlineData("waiting", null)]
    public void Take_State_CountsAsDocumented(string state, string? status)
    {
        using var fleet = new WebhookFleet();
        Assert.Null(fleet.Take(Payload.Deployment(state), name: "deployment_status").Refusal);

        Assert.Equal(status is null ? [] : [$"github_deployments_total{{{Production},status=\"{status}\"}}"], fleet.Samples().Keys);
    }

    [Fact]
    public void Take_UnknownState_IsUnsupportedAndBearsTheDeployment()
    {
        using var fleet = new WebhookFleet();
        Assert.True(fleet.Take(Payload.Deployment("levitating"), name: "deployment_status").IsUnsupported);

        Assert.Contains($"github_deployments_total{{{Production},status=\"success\"}} 0", fleet.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Take_OtherEnvironment_IsIgnoredUnlessConfigured()
    {
        using var fleet = new WebhookFleet();
        Assert.Empty(fleet.Take(Payload.Deployment("success", environment: "live-eu"), name: "deployment_status").Events);

        using var configured = new WebhookFleet(new ExporterOptions { Fleet = new FleetOptions { DeploymentEnvironments = ["live-*"] } });
        Assert.Single(configured.Take(Payload.Deployment("success", environment: "live-eu"), name: "deployment_status").Events);
        Assert.Equal(1, configured.Samples()["github_deployments_total{repository=\"acme/shop\",environment=\"live-eu\",status=\"success\"}"]);
    }

    [Theory]
    [InlineData("deployment", "00-created.json", true)]
    [InlineData("deployment_status", "00-created.json", true)]
    [InlineData("deployment_status", "01-created.json", false)] // to github-pages
    [InlineData("push", "00.json", true)]
    [InlineData("push", "01.json", false)] // deletes a tag
    [InlineData("workflow_run", "00-completed.json", true)]
    [InlineData("workflow_run", "03-requested.json", true)]
    public void Take_RealPayloads_AreReadOrIgnored(string name, string file, bool isRead)
    {
        using var fleet = new WebhookFleet(new ExporterOptions { Fleet = new FleetOptions { Horizon = TimeSpan.FromDays(4000) } });
        var reading = fleet.Take(JsonNode.Parse(Payload.Read($"{name}/{file}"))!, name: name);

        Assert.Null(reading.Refusal);
        Assert.Equal(isRead ? 1 : 0, reading.Events.Count);
    }

    [Theory]
    [InlineData("deployment_status", "{}", "deployment is missing")]
    [InlineData("deployment_status", "{\"deployment\":{\"id\":0}}", "deployment.id is missing")]
    [InlineData("deployment_status", "{\"deployment\":{\"id\":1}}", "deployment_status.state is missing")]
    [InlineData("deployment", "{\"deployment\":{\"id\":1},\"repository\":{\"full_name\":\"shop\"}}", "repository.full_name 'shop' is not a repository")]
    [InlineData("deployment", "{\"deployment\":{\"id\":1},\"repository\":{\"full_name\":\"a/b\"}}", "deployment.environment has 0 characters")]
    [InlineData("push", "{}", "repository.full_name '' is not a repository")]
    [InlineData("workflow_run", "null", "the payload is null")]
    public async Task Deliver_Malformed_IsRefusedWithAReason(string name, string payload, string reason)
    {
        await using var exporter = await RunningExporter.StartAsync();
        var (status, text) = await exporter.DeliverAsync(System.Text.Encoding.UTF8.GetBytes(payload), name);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(reason, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deliver_OlderThanTheHorizon_IsNotCounted()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var (status, text) = await exporter.DeliverAsync(Payload.Deployment("success", at: -40 * 86400).Bytes(), "deployment_status");

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.StartsWith("too_old", text, StringComparison.Ordinal);
        Assert.Empty(await exporter.FleetTextAsync());
    }

    [Fact]
    public async Task Report_BesideWebhooksAndOverARestart_IsOneDeployment()
    {
        var folder = Directory.CreateTempSubdirectory("runner-metrics-deployments-");
        try
        {
            var options = new ExporterOptions { WebhooksWithoutSecret = true, DataDirectory = folder.FullName };
            string before;
            await using (var exporter = await RunningExporter.StartAsync(options))
            {
                Assert.Equal(HttpStatusCode.Accepted, (await exporter.DeliverAsync(Payload.Push().Bytes(), "push")).Status);
                Assert.Equal(HttpStatusCode.Accepted, (await exporter.DeliverAsync(Payload.Deployment("success", 501).Bytes(), "deployment_status")).Status);
                var results = await exporter.SendAsync(AgentEvents.Deployment("d", "501").With(e => e.Deployment.Rework = true), AgentEvents.Incident("i", "77", -60, -30, "501"));
                Assert.All(results, result => Assert.Equal(EventResult.Types.Outcome.Accepted, result.Outcome));
                before = await exporter.FleetTextAsync();
            }

            await using var again = await RunningExporter.StartAsync(options);
            Assert.Equal(before, await again.FleetTextAsync());
            Assert.Equal(EventResult.Types.Outcome.Duplicate, Assert.Single(await again.SendAsync(AgentEvents.Deployment("d", "501"))).Outcome);
            Assert.Equal("1", await again.SampleAsync($"github_deployments_total{{{Production},status=\"success\"}}"));
            Assert.Equal("1", await again.SampleAsync($"github_deployment_rework_total{{{Production}}}"));
            Assert.Equal("1", await again.SampleAsync($"github_deployment_change_failures_total{{{Production}}}"));
            Assert.Equal("30", await again.SampleAsync($"github_deployment_recovery_time_seconds_sum{{{Production}}}"));
            Assert.Equal("3600", await again.SampleAsync($"github_deployment_lead_time_seconds_sum{{{Production}}}"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Report_SendersClockIsOff_ShiftsItsTimesAndNotTheCommits()
    {
        var wire = AgentEvents.Deployment("d", "1", -10).With(e => e.Deployment.HeadCommittedAt = AgentEvents.At(-500));
        var shifted = WireTime.Shifted(wire, TimeSpan.FromHours(1));

        Assert.Equal(AgentEvents.At(3590), shifted.Deployment.FinishedAt);
        Assert.Equal(AgentEvents.At(-500), shifted.Deployment.HeadCommittedAt);
    }

    // The event before any status: it has none.
    private static JsonObject Created()
    {
        var payload = Payload.Deployment("pending");
        payload.Remove("deployment_status");
        return payload;
    }
}
