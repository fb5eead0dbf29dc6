using System.Globalization;
using RunnerMetrics.AppHost.Exporter;
using RunnerMetrics.AppHost.Grafana;
using RunnerMetrics.AppHost.Preflight;
using RunnerMetrics.AppHost.Runners;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Model;

public class ContainerModelTests
{
    private static readonly string[] Runners = ["standard-1", "chrome-1", "chrome-go-1"];

    [Fact]
    public async Task Run_Default_HasTheWholeStack()
    {
        await using var model = StackModel.Containers();
        Assert.Equal(
            ["alertmanager", "automation", "cadvisor", "chrome-1", "chrome-go-1", "exporter", "grafana", "node-exporter", "prometheus", "standard-1"], model.NamesOf<ContainerResource>());
    }

    [Theory]
    [InlineData("prometheus", ImageTags.Prometheus, ImageTags.PrometheusTag)]
    [InlineData("alertmanager", ImageTags.Alertmanager, ImageTags.AlertmanagerTag)]
    [InlineData("grafana", ImageTags.Grafana, ImageTags.GrafanaTag)]
    [InlineData("node-exporter", ImageTags.NodeExporter, ImageTags.NodeExporterTag)]
    [InlineData("cadvisor", ImageTags.Cadvisor, ImageTags.CadvisorTag)]
    public async Task Run_PulledImage_HasItsPinnedTag(string name, string image, string tag)
    {
        await using var model = StackModel.Containers();
        Assert.True(model.Container(name).TryGetContainerImageName(out var used));
        Assert.EndsWith($"{image}:{tag}", used, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exporter", "http", 9091, 9091)]
    [InlineData("exporter", "grpc", 9095, 9095)]
    [InlineData("prometheus", "http", 9090, 9090)]
    [InlineData("alertmanager", "http", 9094, 9093)]
    [InlineData("grafana", "http", 3000, 3000)]
    [InlineData("automation", "http", 9464, 9464)]
    [InlineData("node-exporter", "http", null, 9100)]
    [InlineData("cadvisor", "http", null, 8080)]
    public async Task Run_Endpoint_HasItsPortOnBothSides(string name, string endpoint, int? port, int targetPort)
    {
        await using var model = StackModel.Containers();
        var found = Assert.Single(model.Container(name).Annotations.OfType<EndpointAnnotation>(), annotation => annotation.Name == endpoint);
        Assert.Equal((port, targetPort), (found.Port, found.TargetPort));
        Assert.False(found.IsExternal);
        Assert.Equal("localhost", found.TargetHost);
    }

    [Theory]
    [InlineData("Exporter", "exporter", "http")]
    [InlineData("Collector", "exporter", "grpc")]
    [InlineData("Prometheus", "prometheus", "http")]
    [InlineData("Alertmanager", "alertmanager", "http")]
    [InlineData("Grafana", "grafana", "http")]
    [InlineData("Automation", "automation", "http")]
    public async Task Run_PortConfigured_IsUsed(string setting, string name, string endpoint)
    {
        await using var model = StackModel.Containers($"--Ports:{setting}=12345");
        Assert.Equal(12345, Assert.Single(model.Container(name).Annotations.OfType<EndpointAnnotation>(), annotation => annotation.Name == endpoint).Port);
    }

    [Fact]
    public async Task Run_Waits_AreInTheOrderOfTheData()
    {
        await using var model = StackModel.Containers();
        Assert.Equal(["alertmanager", "exporter"], StackModel.WaitsOf(model["prometheus"]));
        Assert.Equal(["prometheus"], StackModel.WaitsOf(model["grafana"]));
        Assert.Empty(StackModel.WaitsOf(model["exporter"]));
        Assert.All(Runners, runner => Assert.Equal(["exporter"], StackModel.WaitsOf(model[runner])));

    }

    [Fact]
    public async Task Run_EveryContainer_HasAHealthCheck()
    {
        await using var model = StackModel.Containers();
        Assert.All(model.Resources.OfType<ContainerResource>(), container => Assert.NotEmpty(container.Annotations.OfType<HealthCheckAnnotation>()));
    }

    [Fact]
    public async Task Run_BindMounts_AreOfThisRepositoryAndReadOnly()
    {
        await using var model = StackModel.Containers();
        var mounts = model.Resources.OfType<ContainerResource>().SelectMany(container => container.Annotations.OfType<ContainerMountAnnotation>())
            .Where(mount => mount.Type == ContainerMountType.BindMount && mount.Target is not (OrderFolder.Target or "/work")).ToList();
        Assert.Equal(6, mounts.Count);
        Assert.All(mounts, mount =>
        {
            Assert.True(Path.Exists(mount.Source), $"{mount.Source} is not there.");
            Assert.StartsWith(Path.Combine(RepositoryFolder.Path, "dashboards"), mount.Source, StringComparison.Ordinal);
            Assert.True(mount.IsReadOnly);
        });
    }

    [Theory]
    [InlineData("exporter", "/data")]
    [InlineData("prometheus", "/prometheus")]
    [InlineData("alertmanager", "/alertmanager")]
    [InlineData("grafana", "/var/lib/grafana")]
    public async Task Run_Data_IsKeptInANamedVolumeUnlessToldNotTo(string name, string folder)
    {
        await using var kept = StackModel.Containers();
        await using var forgotten = StackModel.Containers("--KeepData=false");
        Assert.Equal($"runner-metrics-dev-{name}", VolumeOf(kept).Source);
        Assert.Null(VolumeOf(forgotten).Source);

        ContainerMountAnnotation VolumeOf(StackModel model) => Assert.Single(
            model.Container(name).Annotations.OfType<ContainerMountAnnotation>(), mount => mount.Type == ContainerMountType.Volume && mount.Target == folder);
    }

    [Fact]
    public async Task Run_AutomationWorker_WaitsToBeStartedAndOnlyReads()
    {
        await using var model = StackModel.Containers();
        var worker = model.Container("automation");
        Assert.Single(worker.Annotations.OfType<ExplicitStartupAnnotation>());
        var mount = Assert.Single(worker.Annotations.OfType<ContainerMountAnnotation>());
        Assert.Equal((RepositoryFolder.Path, "/work", true), (Path.TrimEndingDirectorySeparator(mount.Source!), mount.Target, mount.IsReadOnly));
        Assert.True(File.Exists(Assert.Single(worker.Annotations.OfType<DockerfileBuildAnnotation>()).DockerfilePath));
    }

    [Fact]
    public async Task Run_Grafana_LetsEverybodyLookAndNobodyChange()
    {
        await using var model = StackModel.Containers();
        var environment = await model.EnvironmentOfAsync(model.Container("grafana"));
        Assert.All(GrafanaSettings.Environment, expected => Assert.Equal(expected.Value, environment[expected.Key]));
        Assert.Equal("Viewer", environment["GF_AUTH_ANONYMOUS_ORG_ROLE"]);
        Assert.DoesNotContain(environment.Keys, key => key.Contains("PASSWORD", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("standard-1", "standard", "Dockerfile")]
    [InlineData("chrome-1", "chrome", "Dockerfile.chrome")]
    [InlineData("chrome-go-1", "chrome-go", "Dockerfile.chrome-go")]
    public async Task Run_Runner_IsSimulatedAndReportsToTheExporter(string name, string type, string dockerfile)
    {
        await using var model = StackModel.Containers();
        var runner = model.Container(name);
        var build = Assert.Single(runner.Annotations.OfType<DockerfileBuildAnnotation>());
        Assert.Equal(Path.Combine(RepositoryFolder.Path, "src", "runner-images", dockerfile), build.DockerfilePath);
        Assert.True(File.Exists(build.DockerfilePath));

        var environment = await model.EnvironmentOfAsync(runner);
        Assert.Equal(("simulated", type, name), (environment["RUNNER_MODE"], environment["RUNNER_TYPE"], environment["RUNNER_NAME"]));
        var collector = Assert.IsType<EndpointReference>(environment["RUNNER_METRICS_COLLECTOR"]);
        Assert.Equal(("exporter", ExporterEndpoints.Grpc), (collector.Resource.Name, collector.EndpointName));
    }

    [Fact]
    public async Task Run_GitHubParameters_MakeRealRunners()
    {
        await using var model = StackModel.Containers("--Parameters:github-url=https://github.com/acme", "--Parameters:github-token=AAAA");
        foreach (var name in Runners)
        {
            var runner = model.Container(name);
            var environment = await model.EnvironmentOfAsync(runner);
            Assert.Equal("github", environment["RUNNER_MODE"]);
            Assert.DoesNotContain("RUNNER_METRICS_WEBHOOK_URL", environment.Keys);
            Assert.DoesNotContain("AAAA", environment.Values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)));
            Assert.Equal(["kill"], StackModel.CommandsOf(runner).Intersect(["send-failing-job", "drain", "kill"]));
        }
    }

    [Fact]
    public async Task Run_Commands_StandWhereTheyBelong()
    {
        await using var model = StackModel.Containers();
        Assert.Contains("open-dashboards", StackModel.CommandsOf(model["grafana"]));
        foreach (var runner in Runners.Select(model.Container))
        {
            Assert.Subset(StackModel.CommandsOf(runner).ToHashSet(), new HashSet<string> { "send-failing-job", "drain", "kill" });
            Assert.False(Assert.Single(runner.Annotations.OfType<ContainerMountAnnotation>(), mount => mount.Target == OrderFolder.Target).IsReadOnly);
        }
    }

    [Fact]
    public async Task Run_CommandOfAResourceThatDoesNotRun_IsDisabled()
    {
        await using var model = StackModel.Containers();
        Assert.All(
            ((string[])["grafana", .. Runners]).SelectMany(name => model[name].Annotations.OfType<ResourceCommandAnnotation>())
                .Where(command => command.Name is "open-dashboards" or "send-failing-job" or "drain" or "kill"),
            command =>
            {
                Assert.Equal(ResourceCommandState.Disabled, StateIn(KnownResourceStates.Exited));
                Assert.Equal(ResourceCommandState.Enabled, StateIn(KnownResourceStates.Running));

                ResourceCommandState StateIn(string state) => command.UpdateState(new UpdateCommandStateContext
                {
                    ResourceSnapshot = new CustomResourceSnapshot { ResourceType = "Container", Properties = [], State = new ResourceStateSnapshot(state, null) },
                    Services = model.Services,
                });
            });
    }

    [Fact]
    public async Task Run_OwnImages_AreBuiltUnderOneNameAndTag()
    {
        await using var model = StackModel.Containers("--Build:BASE=debian:base", "--Build:go_version=apt");
        Assert.Equal("runner-metrics/exporter:dev", ImageOf(model.Container("exporter")));
        Assert.Equal("runner-metrics/runner-chrome-go:dev", ImageOf(model.Container("chrome-go-1")));
        Assert.Equal(["BASE"], ArgumentsOf("chrome-1"));
        Assert.Equal(["BASE", "GO_VERSION"], ArgumentsOf("chrome-go-1"));

        IEnumerable<string> ArgumentsOf(string name) => Assert.Single(model.Container(name).Annotations.OfType<DockerfileBuildAnnotation>()).BuildArguments.Keys.Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Run_Prebuilt_BuildsNothing()
    {
        await using var model = StackModel.Containers("--Build:Prebuilt=true", "--Images:RunnerChrome=registry.example:5000/chrome:7", "--Images:Prometheus=mirror.example/prometheus:v9");
        Assert.Empty(model.Resources.SelectMany(resource => resource.Annotations.OfType<DockerfileBuildAnnotation>()));
        Assert.Equal("runner-metrics/exporter:dev", ImageOf(model.Container("exporter")));
        Assert.Equal("registry.example:5000/chrome:7", ImageOf(model.Container("chrome-1")));
        Assert.Equal("mirror.example/prometheus:v9", ImageOf(model.Container("prometheus")));
    }

    [Fact]
    public async Task Run_ImagesThatCannotBeHad_AreLeftOut()
    {
        await using var model = StackModel.Build(LocalMachine.WithEverything with { Missing = ["alertmanager", "grafana", "cadvisor"] });
        Assert.Equal(["automation", "chrome-1", "chrome-go-1", "exporter", "node-exporter", "prometheus", "standard-1"], model.NamesOf<ContainerResource>());
        Assert.Equal(["exporter"], StackModel.WaitsOf(model["prometheus"]));
    }

    [Fact]
    public async Task Run_Secrets_AreParametersThatNobodyReads()
    {
        await using var model = StackModel.Containers();
        var secrets = model.Resources.OfType<ParameterResource>().ToList();
        Assert.Equal(["agent-token", "webhook-secret"], secrets.Select(secret => secret.Name).Order(StringComparer.Ordinal));
        Assert.All(secrets, secret => Assert.True(secret.Secret));
    }

    private static string ImageOf(ContainerResource container) => container.TryGetContainerImageName(out var image) ? image : "";
}
