using System.Globalization;
using RunnerMetrics.AppHost.Alertmanager;
using RunnerMetrics.AppHost.Exporter;
using RunnerMetrics.AppHost.Grafana;
using RunnerMetrics.AppHost.Machine;
using RunnerMetrics.AppHost.Prometheus;
using RunnerMetrics.AppHost.Stack;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Model;

/// <summary>The stack is described twice: by the AppHost, and by compose files for those who have no .NET. Both say the same.</summary>
public class StackAgreementTests
{
    private static readonly ComposeText Exporter = Read("exporter.yml");
    private static readonly ComposeText Monitoring = Read("monitoring.yml");

    [Theory]
    [InlineData("prometheus", ImageTags.Prometheus, ImageTags.PrometheusTag)]
    [InlineData("alertmanager", ImageTags.Alertmanager, ImageTags.AlertmanagerTag)]
    [InlineData("grafana", ImageTags.Grafana, ImageTags.GrafanaTag)]
    [InlineData("node-exporter", ImageTags.NodeExporter, ImageTags.NodeExporterTag)]
    [InlineData("cadvisor", ImageTags.Cadvisor, ImageTags.CadvisorTag)]
    public void Images_HaveOneTag(string service, string image, string tag) => Assert.Equal($"{image}:{tag}", Monitoring[$"services.{service}.image"]);

    [Fact]
    public void Images_AreAllPinned() => Assert.Equal(
        ["alertmanager", "cadvisor", "grafana", "node-exporter", "prometheus"], Monitoring.KeysOf("services").Order(StringComparer.Ordinal));

    [Fact]
    public void Arguments_AreTheSame()
    {
        Assert.Equal(PrometheusSettings.Arguments, ArgumentsOf("prometheus"));
        Assert.Equal(AlertmanagerSettings.Arguments(AlertmanagerSettings.HostPort), ArgumentsOf("alertmanager"));
        Assert.Equal(MachineSettings.NodeExporterArguments, ArgumentsOf("node-exporter"));
        Assert.Equal(MachineSettings.CadvisorArguments, ArgumentsOf("cadvisor"));
    }

    [Fact]
    public void Mounts_AreTheSame()
    {
        Assert.Equal(PrometheusSettings.Mounts, MountsOf("prometheus"));
        Assert.Equal(AlertmanagerSettings.Mounts, MountsOf("alertmanager"));
        Assert.Equal(GrafanaSettings.Mounts, MountsOf("grafana"));
        Assert.Contains(Monitoring.ListOf("services.alertmanager.volumes"), volume => volume.EndsWith($":{AlertmanagerSettings.SecretsFolder}:ro", StringComparison.Ordinal));
        Assert.Equal(
            MachineSettings.CadvisorRun.Where(argument => argument.StartsWith("--volume=", StringComparison.Ordinal)).Select(argument => argument["--volume=".Length..]),
            Monitoring.ListOf("services.cadvisor.volumes"));
    }

    [Theory]
    [InlineData("prometheus", PrometheusSettings.DataFolder, PrometheusSettings.Port, PrometheusSettings.Port)]
    [InlineData("alertmanager", AlertmanagerSettings.DataFolder, AlertmanagerSettings.HostPort, AlertmanagerSettings.Port)]
    [InlineData("grafana", GrafanaSettings.DataFolder, GrafanaSettings.Port, GrafanaSettings.Port)]
    public void DataAndPorts_AreTheSame(string service, string folder, int hostPort, int port)
    {
        Assert.Contains($"{service}-data:{folder}", Monitoring.ListOf($"services.{service}.volumes"));
        Assert.Equal(
            string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:${{{service.ToUpperInvariant()}_PORT:-{hostPort}}}:{port}"),
            Assert.Single(Monitoring.ListOf($"services.{service}.ports")));
    }

    [Fact]
    public void Grafana_IsGivenTheSame() =>
        Assert.Equal(GrafanaSettings.Environment.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal), Monitoring.ListOf("services.grafana.environment").Order(StringComparer.Ordinal));

    [Fact]
    public void Grafana_PutsTheDashboardsIntoTheFolderThatTheStackOpens() =>
        Assert.Contains($"folderUid: {GrafanaSettings.FolderUid}", File.ReadAllText(Path.Combine(RepositoryFolder.Path, "dashboards/grafana/provisioning/dashboards/runner-metrics.yml")), StringComparison.Ordinal);

    [Fact]
    public void Exporter_CommittedFile_IsWhatTheAppHostPublishes()
    {
        const string Service = $"services.{ExporterDeployment.Service}";
        Assert.Equal([ExporterDeployment.Service], Exporter.KeysOf("services"));
        Assert.Equal(ExporterDeployment.Image, Exporter[$"{Service}.image"]);
        Assert.Equal(ExporterDeployment.User, Exporter[$"{Service}.user"]);
        Assert.Equal("true", Exporter[$"{Service}.read_only"]);
        Assert.Equal(ExporterDeployment.DroppedCapabilities, Exporter.ListOf($"{Service}.cap_drop"));
        Assert.Equal(ExporterDeployment.SecurityOptions, Exporter.ListOf($"{Service}.security_opt"));
        Assert.Equal(ExporterDeployment.Environment.Select(pair => $"{pair.Key}={pair.Value}"), Exporter.ListOf($"{Service}.environment"));
        Assert.Equal([ExporterDeployment.TokensSecret], Exporter.ListOf($"{Service}.secrets"));
        Assert.Equal([$"{ExporterDeployment.Volume}:{ExporterDeployment.DataFolder}"], Exporter.ListOf($"{Service}.volumes"));
        Assert.Equal(ExporterDeployment.Ports, Exporter.ListOf($"{Service}.ports"));
        Assert.Equal(ExporterDeployment.Memory, Exporter[$"{Service}.mem_limit"]);
        Assert.Equal(ExporterDeployment.Processes.ToString(CultureInfo.InvariantCulture), Exporter[$"{Service}.pids_limit"]);
        Assert.Equal(ExporterDeployment.Restart, Exporter[$"{Service}.restart"]);
        Assert.Equal(ExporterDeployment.StopGracePeriod, Exporter[$"{Service}.stop_grace_period"]);
        Assert.Equal(ExporterDeployment.HealthTest, Exporter.ListOf($"{Service}.healthcheck.test"));
        Assert.Equal(ExporterDeployment.HealthInterval, Exporter[$"{Service}.healthcheck.interval"]);
        Assert.Equal(ExporterDeployment.HealthTimeout, Exporter[$"{Service}.healthcheck.timeout"]);
        Assert.Equal(ExporterDeployment.HealthRetries.ToString(CultureInfo.InvariantCulture), Exporter[$"{Service}.healthcheck.retries"]);
        Assert.Equal(ExporterDeployment.HealthStartPeriod, Exporter[$"{Service}.healthcheck.start_period"]);
        Assert.Equal(ExporterDeployment.LogDriver, Exporter[$"{Service}.logging.driver"]);
        Assert.Equal(ExporterDeployment.LogOptions.Select(pair => $"{pair.Key}={pair.Value}"), Exporter.ListOf($"{Service}.logging.options"));
        Assert.Equal(ExporterDeployment.TokensFile, Exporter[$"secrets.{ExporterDeployment.TokensSecret}.file"]);
        Assert.Equal(ExporterDeployment.VolumeName, Exporter[$"volumes.{ExporterDeployment.Volume}.name"]);

        // And nothing else: a key that is new here must be published too.
        string[] said =
        [
            "image", "user", "read_only", "cap_drop", "security_opt", "environment", "secrets", "volumes", "ports", "mem_limit", "pids_limit", "restart", "stop_grace_period",
            "healthcheck", "logging",
        ];
        Assert.Equal(said.Order(StringComparer.Ordinal), Exporter.KeysOf(Service).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Exporter_ImageTag_IsTheVersion() =>
        Assert.Equal(ExporterDeployment.ImageTag, File.ReadAllText(Path.Combine(RepositoryFolder.Path, "VERSION")).Trim());

    private static ComposeText Read(string file) => ComposeText.Read(File.ReadAllText(Path.Combine(RepositoryFolder.Path, "deploy", "compose", file)));

    // ${PROMETHEUS_RETENTION:-30d}: what stands where nobody says otherwise.
    private static IEnumerable<string> ArgumentsOf(string service) => Monitoring.ListOf($"services.{service}.command").Select(WithDefaults);

    private static string WithDefaults(string text)
    {
        var start = text.IndexOf("${", StringComparison.Ordinal);
        if (start < 0)
        {
            return text;
        }

        var end = text.IndexOf('}', start);
        return text[..start] + text[(text.IndexOf(":-", start, StringComparison.Ordinal) + 2)..end] + text[(end + 1)..];
    }

    private static IEnumerable<RepositoryMount> MountsOf(string service) => Monitoring.ListOf($"services.{service}.volumes")
        .Where(volume => volume.StartsWith("../../", StringComparison.Ordinal))
        .Select(volume => volume["../../".Length..].Split(':'))
        .Select(parts =>
        {
            Assert.Equal("ro", parts[2]);
            return new RepositoryMount(parts[0], parts[1]);
        });
}
