using System.Globalization;
using RunnerMetrics.AppHost.Exporter;
using RunnerMetrics.AppHost.Grafana;
using RunnerMetrics.AppHost.Runners;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests;

public class RunModelTests
{
    private static readonly string[] Runners = ["standard-1", "chrome-1", "chrome-go-1"];

    [Fact]
    public async Task Run_Default_HasTheWholeStack()
    {
        await using var model = await StackModel.BuildAsync(StackModel.Run);
        Assert.Equal(
            ["alertmanager", "automation", "cadvisor", "chrome-1", "chrome-go-1", "exporter", "grafana", "node-exporter", "prometheus", "standard-1"], model.ContainerNames());
    }

    [Theory]
    [InlineData("prometheus", ImageTags.Prometheus, ImageTags.PrometheusTag)]
    [InlineData("alertmanager", ImageTags.Alertmanager, ImageTags.AlertmanagerTag)]
    [InlineData("grafana", ImageTags.Grafana, ImageTags.GrafanaTag)]
    [InlineData("node-exporter", ImageTags.NodeExporter, ImageTags.NodeExporterTag)]
    [InlineData("cadvisor", ImageTags.Cadvisor, ImageTags.CadvisorTag)]
    public async Task Run_PulledImage_HasItsPinnedTag(string name, string image, string tag)
    {
        await using var model = await StackModel.BuildAsync(StackModel.Run);
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
        await using var model = await StackModel.BuildAsync(StackModel.Run);
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
        await using var model = await StackModel.BuildAsync([.. StackModel.Run, $"--Ports:{setting}=12345"]);
        Assert.Equal(12345, Assert.Single(model.Container(name).Annotations.OfType<EndpointAnnotation>(), annotation => annotation.Name == endpoint).Port);
    }

    [Fact]
    public async Task Run_Waits_AreInTheOrderOfTheData()
    {
        await using var model = await StackModel.BuildAsync(StackModel.Run);
        Assert.Equal(["alertmanager", "exporter"], WaitsOf("prometheus"));
        Assert.Equal(["prometheus"], WaitsOf("grafana"));
        Assert.Empty(WaitsOf("exporter"));
        Assert.All(Runners, runner => Assert.Equal(["exporter"], WaitsOf(runner)));

        string[] WaitsOf(string name) =>
            [.. model.Container(name).Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name).Distinct().Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task Run_EveryContainer_HasAHealthCheck()
    {
        await using var model = await StackModel.BuildAsync(StackModel.Run);
        Assert.All(model.Resources.OfType<ContainerResource>(), container => Assert.NotEmpty(container.Annotations.OfType<HealthCheckAnnotation>()));
    }

    [Fact]
    public async Task Run_BindMounts_AreOfThisRepositoryAndReadOnly()
    {
        await using var model = await StackModel.BuildAsync(StackModel.Run);
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
        await using var kept = await StackModel.BuildAsync("--Telemetry=false");
        await using var forgotten = await StackModel.BuildAsync(StackModel.Run);
        Assert.Equal($"runner-metrics-dev-{name}", VolumeOf(kept).Source);
        Assert.Null(VolumeOf(forgotten).Source);

        ContainerMountAnnotation VolumeOf(StackModel model) => Assert.Single(
            model.Container(name).Annotations.OfType<ContainerMountAnnotation>(), mount => mount.Type == ContainerMountType.Volume && mount.Target == folder);
    }

    [Fact]
    public async Task Run_AutomationWorker_WaitsToBeStartedAndOnlyReads()
    {
        await using var model = await StackModel.BuildAsync(StackModel.Run);
        var worker = model.Container("automation");
        Assert.Single(worker.Annotations.OfType<ExplicitStartupAnnotation>());
        var mount = Assert.Single(worker.Annotations.OfType<ContainerMountAnnotation>());
        Assert.Equal((RepositoryFolder.Path, "/work", true), (Path.TrimEndingDirectorySeparator(mount.Source!), mount.Target, mount.IsReadOnly));
        Assert.True(File.Exists(Assert.Single(worker.Annotations.OfType<DockerfileBuildAnnotation>()).DockerfilePath));
    }

    [Fact]
    public async Task Run_Grafana_LetsEverybodyLookAndNobodyChange()
    {
        await using var model = await StackModel.BuildAsync(StackModel.Run);
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
        await using var model = await StackModel.BuildAsync(StackModel.Run);
        var runner = model.Container(name);
        var build = Assert.Single(runner.Annotations.OfType<DockerfileBuildAnnotation>());
        Assert.Equal(Path.Combine(RepositoryFolder.Path, "src", "runner-images", dockerfile), build.DockerfilePath);
        Assert.True(File.Exists(build.DockerfilePath));

        var environment = await model.EnvironmentOfAsync(runner);
        Assert.Equal(("simulated", type, name), (environment["RUNNER_MODE"], environment["RUNNER_TYPE"], environment["RUNNER_NAME"]));
        var collector = Assert.IsType<EndpointReference>(environment["RUNNER_METRICS_COLLECTOR"]);
        Assert.Equal(("exporter", ExporterResource.Grpc), (collector.Resource.Name, collector.EndpointName));
    }

    [Fact]
    public async Task Run_GitHubParameters_MakeRealRunners()
    {
        await using var model = await StackModel.BuildAsync([.. StackModel.Run, "--Parameters:github-url=https://github.com/acme", "--Parameters:github-token=AAAA"]);
        foreach (var name in Runners)
        {
            var runner = model.Container(name);
            var environment = await model.EnvironmentOfAsync(runner);
            Assert.Equal("github", environment["RUNNER_MODE"]);
            Assert.DoesNotContain("RUNNER_METRICS_WEBHOOK_URL", environment.Keys);
            Assert.DoesNotContain("AAAA", environment.Values.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)));
            Assert.Empty(CommandsOf(runner).Intersect(["send-failing-job", "drain"]));
        }
    }

    [Fact]
    public async Task Run_Commands_StandWhereTheyBelongAndDoWhatTheySay()
    {
        await using var model = await StackModel.BuildAsync(StackModel.Run);
        Assert.Contains("open-dashboards", CommandsOf(model.Container("grafana")));
        foreach (var runner in Runners.Select(model.Container))
        {
            Assert.Contains("send-failing-job", CommandsOf(runner));
            Assert.Contains("drain", CommandsOf(runner));
            var orders = Assert.Single(runner.Annotations.OfType<ContainerMountAnnotation>(), mount => mount.Target == OrderFolder.Target);
            Assert.False(orders.IsReadOnly);
            Assert.True(Directory.Exists(orders.Source));
        }
    }

    [Fact]
    public async Task Run_Secrets_AreParametersThatNobodyReads()
    {
        await using var model = await StackModel.BuildAsync(StackModel.Run);
        var secrets = model.Resources.OfType<ParameterResource>().ToList();
        Assert.Equal(["agent-token", "webhook-secret"], secrets.Select(secret => secret.Name).Order(StringComparer.Ordinal));
        Assert.All(secrets, secret => Assert.True(secret.Secret));
    }

    private static IEnumerable<string> CommandsOf(ContainerResource resource) => resource.Annotations.OfType<ResourceCommandAnnotation>().Select(command => command.Name);
}
