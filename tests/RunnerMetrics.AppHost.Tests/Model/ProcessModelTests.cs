using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RunnerMetrics.AppHost.Alertmanager;
using RunnerMetrics.AppHost.Exporter;
using RunnerMetrics.AppHost.Preflight;
using RunnerMetrics.AppHost.Prometheus;
using RunnerMetrics.AppHost.Stack;
using RunnerMetrics.Simulator.Scenario;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Model;

public class ProcessModelTests
{
    private static readonly string[] Projects =
        ["automation", "chrome-1", "chrome-1-agent", "chrome-go-1", "chrome-go-1-agent", "exporter", "github", "standard-1", "standard-1-agent"];

    [Fact]
    public async Task Run_Default_HasOurProgramsAsProjectsAndTheMonitoringOfTheMachine()
    {
        await using var model = StackModel.Build(StackModel.Programs);
        Assert.Equal(Projects, model.NamesOf<ProjectResource>());
        Assert.Equal(["alertmanager", "node-exporter", "prometheus"], model.NamesOf<ExecutableResource>().Except(Projects));
        Assert.Empty(model.NamesOf<ContainerResource>());
    }

    [Fact]
    public async Task Run_NothingButTheSdk_HasOurProgramsAlone()
    {
        await using var model = StackModel.Build(new LocalMachine { Kind = StackKind.Processes });
        Assert.Equal(Projects, model.NamesOf<ProjectResource>());
        Assert.Empty(model.NamesOf<ExecutableResource>().Except(Projects));
    }

    [Fact]
    public async Task Run_Runners_AreThoseOfTheDemo()
    {
        await using var model = StackModel.Build(StackModel.Programs, "--Speed=33");
        foreach (var runner in LocalFleet.Runners)
        {
            var simulator = await model.EnvironmentOfAsync(model[runner.Name]);
            var agent = await model.EnvironmentOfAsync(model[$"{runner.Name}-agent"]);
            Assert.Equal((runner.Name, runner.Type, "33"), (simulator["RUNNER_NAME"], simulator["RUNNER_TYPE"], simulator["RUNNER_METRICS_SPEED"]));
            Assert.All((string[])["RUNNER_NAME", "RUNNER_TYPE", "RUNNER_METRICS_DIAG", "RUNNER_METRICS_HOOKS", "RUNNER_METRICS_COLLECTOR"], name => Assert.Equal(simulator[name].ToString(), agent[name].ToString()));
            Assert.Equal(ExporterEndpoints.Grpc, Assert.IsType<EndpointReference>(agent["RUNNER_METRICS_COLLECTOR"]).EndpointName);
            Assert.Equal("exporter", StackModel.ParentOf(model[runner.Name]));
            Assert.Equal(runner.Name, StackModel.ParentOf(model[$"{runner.Name}-agent"]));
            Assert.Subset(StackModel.CommandsOf(model[runner.Name]).ToHashSet(), new HashSet<string> { "send-failing-job", "drain", "kill" });
        }

        Assert.Equal(LocalFleet.IncidentRepositories, (await model.EnvironmentOfAsync(model["exporter"]))["RUNNER_METRICS_INCIDENT_REPOSITORIES"]);
    }

    [Fact]
    public async Task Run_GitHub_IsToldOfTheRunnersDeliversTheirWebhooksAndIsAskedByTheExporter()
    {
        await using var model = StackModel.Build(StackModel.Programs);
        var github = model["github"];
        var arguments = await model.ArgumentsOfAsync(github);
        var exporter = await model.EnvironmentOfAsync(model["exporter"]);
        Assert.Equal("github", arguments[0]);
        Assert.Equal(exporter["RUNNER_METRICS_GITHUB_APP_KEY_FILE"], arguments[arguments.IndexOf("--key-file") + 1]);
        Assert.Equal(exporter["RUNNER_METRICS_WEBHOOK_SECRET_FILE"], arguments[arguments.IndexOf("--webhook-secret-file") + 1]);
        var webhook = Assert.IsType<ReferenceExpression>(arguments[arguments.IndexOf("--webhook-url") + 1]);
        Assert.Equal("{0}/webhooks/github", webhook.Format);
        Assert.Equal("exporter", Assert.IsType<EndpointReference>(Assert.Single(webhook.ValueProviders)).Resource.Name);
        Assert.Equal("Iv23liFAKEAPP0000001", exporter["RUNNER_METRICS_GITHUB_APP_ID"]);
        Assert.Same(github, Assert.IsType<EndpointReference>(exporter["RUNNER_METRICS_GITHUB_API_URL"]).Resource);
        foreach (var runner in LocalFleet.Runners)
        {
            var environment = await model.EnvironmentOfAsync(model[runner.Name]);
            Assert.Same(github, Assert.IsType<EndpointReference>(environment["RUNNER_METRICS_SIMULATED_GITHUB"]).Resource);
            Assert.DoesNotContain("RUNNER_METRICS_WEBHOOK_URL", environment.Keys);
        }
    }

    [Fact]
    public async Task Run_AgentProgram_IsWhereTheBuildPutsIt()
    {
        await using var model = StackModel.Build(StackModel.Programs);
        var program = (await model.EnvironmentOfAsync(model["standard-1"]))["RUNNER_METRICS_AGENT"].ToString()!;
        Assert.True(File.Exists(program), $"{program} is not there.");
    }

    [Fact]
    public async Task Run_Secrets_AreInFilesAndNotInTheEnvironment()
    {
        await using var model = StackModel.Build(StackModel.Programs, "--Parameters:agent-token=AAAA", "--Parameters:webhook-secret=BBBB");
        foreach (var name in Projects)
        {
            var environment = await model.EnvironmentOfAsync(model[name]);
            Assert.DoesNotContain(environment.Values, value => value is ParameterResource or "AAAA" or "BBBB");
        }
    }

    [Theory]
    [InlineData("exporter", "http", 9091)]
    [InlineData("exporter", "grpc", 9095)]
    [InlineData("prometheus", "http", 9090)]
    [InlineData("alertmanager", "http", 9094)]
    [InlineData("automation", "http", 9464)]
    [InlineData("node-exporter", "http", null)]
    public async Task Run_Endpoint_HasThePortThatContainersHave(string name, string endpoint, int? port)
    {
        await using var model = StackModel.Build(StackModel.Programs);
        Assert.Equal(port, StackModel.EndpointOf(model[name], endpoint).Port);
    }

    [Fact]
    public async Task Run_WaitsAndParents_AreInTheOrderOfTheData()
    {
        await using var model = StackModel.Build(StackModel.Programs);
        Assert.Equal(["alertmanager", "exporter"], StackModel.WaitsOf(model["prometheus"]));
        Assert.Equal(["github"], StackModel.WaitsOf(model["exporter"]));
        Assert.Empty(StackModel.WaitsOf(model["github"]));
        Assert.Equal("exporter", StackModel.ParentOf(model["github"]));
        Assert.All(LocalFleet.Runners, runner => Assert.Equal(["exporter"], StackModel.WaitsOf(model[runner.Name])));
        Assert.Equal("exporter", StackModel.ParentOf(model["prometheus"]));
        Assert.Equal(["prometheus", "prometheus", "prometheus"], ((string[])["alertmanager", "node-exporter", "automation"]).Select(name => StackModel.ParentOf(model[name])));
    }

    [Fact]
    public async Task Build_Model_WritesNothing()
    {
        await using var model = StackModel.Build(StackModel.Programs);
        Assert.False(Directory.Exists(Assert.Single(model.Services.GetServices<IHostedService>().OfType<RunFolder>()).Path));
    }

    [Fact]
    public async Task PrometheusConfiguration_OnThisMachine_HasTheCommittedJobsAtItsAddresses()
    {
        var committed = await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Path, "dashboards/prometheus/prometheus.yml"), TestContext.Current.CancellationToken);
        var written = LocalPrometheusConfiguration.Write(
            committed,
            "/rules",
            "127.0.0.1:1",
            new Dictionary<string, string> { ["runner-metrics"] = "127.0.0.1:2", ["prometheus"] = "127.0.0.1:3", ["node"] = "127.0.0.1:4" },
            new Dictionary<string, string> { ["automation"] = "/run/automation.json" });
        var yaml = ComposeText.Read(written);
        Assert.Equal("/rules/*.yml", yaml["rule_files.0"]);
        Assert.Equal("127.0.0.1:1", yaml["alerting.alertmanagers.0.static_configs.0.targets.0"]);
        Assert.Equal(["runner-metrics", "prometheus", "automation", "node"], [yaml["scrape_configs.0.job_name"], yaml["scrape_configs.1.job_name"], yaml["scrape_configs.2.job_name"], yaml["scrape_configs.3.job_name"]]);
        Assert.Equal(("127.0.0.1:2", "/run/automation.json", "127.0.0.1:4"), (yaml["scrape_configs.0.static_configs.0.targets.0"], yaml["scrape_configs.2.file_sd_configs.0.files.0"], yaml["scrape_configs.3.static_configs.0.targets.0"]));
        Assert.Null(yaml["scrape_configs.4.job_name"]);
        Assert.Equal("15s", yaml["global.scrape_interval"]);
    }

    [Fact]
    public async Task AlertmanagerConfiguration_OnThisMachine_HasItsFolders()
    {
        var committed = await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Path, "dashboards/alertmanager/alertmanager.yml"), TestContext.Current.CancellationToken);
        var written = AlertmanagerSettings.OnThisMachine(committed, "/here/templates", "/here/secrets");
        Assert.Contains("  - /here/templates/*.tmpl", written, StringComparison.Ordinal);
        Assert.Contains("slack_api_url_file: /here/secrets/slack_url", written, StringComparison.Ordinal);
        Assert.DoesNotContain("file: /etc/alertmanager", written, StringComparison.Ordinal);
    }
}
