using Microsoft.Extensions.Configuration;
using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Tests.Model;

public class StackSettingsTests
{
    [Fact]
    public void Read_Nothing_IsTheUsual()
    {
        var settings = Read();
        Assert.Null(settings.Kind);
        Assert.Equal((20, true, true, false, null), (settings.Speed, settings.KeepsData, settings.HasTelemetry, settings.HasGitHub, settings.AlertmanagerSecrets));
        Assert.Equal(9091, settings.PortOf("Exporter", 9091));
    }

    [Theory]
    [InlineData("processes", StackKind.Processes)]
    [InlineData("Containers", StackKind.Containers)]
    internal void Read_Stack_IsAsAskedFor(string text, StackKind kind) => Assert.Equal(kind, Read(("Stack", text)).Kind);

    [Theory]
    [InlineData("Stack", "docker", "Stack must be containers or processes, or be left out; it is 'docker'.")]
    [InlineData("Stack", "1", "Stack must be containers or processes, or be left out; it is '1'.")]
    [InlineData("Speed", "fast", "Speed must be a number from 0.1 to 10000, for example 60; it is 'fast'.")]
    [InlineData("Speed", "0", "Speed must be a number from 0.1 to 10000, for example 60; it is '0'.")]
    [InlineData("KeepData", "yes", "KeepData must be true or false; it is 'yes'.")]
    [InlineData("Telemetry", "off", "Telemetry must be true or false; it is 'off'.")]
    [InlineData("Build:Prebuilt", "1", "Build:Prebuilt must be true or false; it is '1'.")]
    [InlineData("Ports:Grafana", "0", "Ports:Grafana must be a port from 1 to 65535; it is '0'.")]
    [InlineData("Ports:Graphana", "3000", "Ports:Graphana is no port of the stack: Ports:Exporter, Ports:Collector, Ports:Prometheus, Ports:Alertmanager, Ports:Grafana, Ports:Automation.")]
    [InlineData("Images:Prometheus", "prometheus", "Images:Prometheus must be an image and its tag, for example prom/prometheus:v3.14.0; it is 'prometheus'.")]
    [InlineData("Images:Prometheus", "registry:5000/prometheus", "Images:Prometheus must be an image and its tag, for example prom/prometheus:v3.14.0; it is 'registry:5000/prometheus'.")]
    [InlineData("Images:Loki", "loki:3", "Images:Loki is no image of the stack: Images:Exporter, Images:RunnerStandard, Images:RunnerChrome, Images:RunnerChromeGo, Images:Automation, Images:Prometheus, Images:Alertmanager, Images:NodeExporter, Images:Grafana, Images:Cadvisor.")]
    [InlineData("Build:GOVERSION", "1", "Build:GOVERSION is no argument of a Dockerfile: Build:Prebuilt, Build:BASE, Build:SDK, Build:GO_VERSION.")]
    [InlineData("AlertmanagerSecrets", "/nowhere/at/all", "AlertmanagerSecrets must be a folder with files such as slack_url (docs/alerting.md); there is no folder '/nowhere/at/all'.")]
    [InlineData("Parameters:github-url", "https://github.com/acme", "Parameters:github-url has no token: give a registration token too, in Parameters__github_token or by 'dotnet user-secrets set Parameters:github-token'.")]
    [InlineData("Parameters:github_token", "AAAA", "Parameters:github-token has no address: give the organization or the repository too, for example --Parameters:github-url https://github.com/acme.")]
    public void Read_WrongValue_IsOneSentence(string key, string value, string sentence) =>
        Assert.Equal([sentence], Assert.Throws<StackProblemsException>(() => Read((key, value))).Problems);

    [Fact]
    public void Read_SeveralWrong_AreAllSaid() =>
        Assert.Equal(3, Assert.Throws<StackProblemsException>(() => Read(("Stack", "x"), ("Speed", "y"), ("Ports:Exporter", "z"))).Problems.Count);

    [Fact]
    public void Read_RealRunnersAsProcesses_AreRefused()
    {
        var found = Assert.Throws<StackProblemsException>(() => Read(("Stack", "processes"), ("Parameters:github-url", "https://github.com/acme"), ("Parameters:github-token", "AAAA")));
        Assert.StartsWith("Real runners run in containers", Assert.Single(found.Problems), StringComparison.Ordinal);
        Assert.DoesNotContain("AAAA", found.Message, StringComparison.Ordinal);
    }

    private static StackSettings Read(params (string Key, string Value)[] given) =>
        StackSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(given.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build());
}
