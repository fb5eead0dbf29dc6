using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using RunnerMetrics.AppHost.Preflight;
using RunnerMetrics.AppHost.Stack;
using RunnerMetrics.AppHost.Tests.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Model;

/// <summary>What is in the terminal where the stack cannot start: the program itself, on machines that lack something.</summary>
public sealed class PreflightTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_UnknownStack_IsOneSentence() =>
        Assert.Equal((2, "Stack must be containers or processes, or be left out; it is 'pods'."), await StartAsync("--Stack=pods"));

    [Fact]
    public async Task Start_NoDocker_SaysWhatToDo() => Assert.Equal(
        (2, "docker is not on the PATH: install Docker 25 or later, or give --Stack processes."), await StartAsync(["--Stack=containers", .. Free]));

    [Fact]
    public async Task Start_NoEngine_SaysWhatToDo()
    {
        Docker("echo 'Cannot connect to the Docker daemon' >&2; exit 1");
        Assert.Equal((2, "No container engine answers docker: start it, or give --Stack processes."), await StartAsync(["--Stack=containers", .. Free]));
    }

    [Fact]
    public async Task Start_OldClient_SaysWhichAndWhatWouldDo()
    {
        Docker("""echo '{"Client":{"Version":"20.10.24+dfsg1"},"Server":{"Version":"20.10.24"}}'""");
        Assert.Equal(
            (2, "The docker program is version 20.10.24, and Aspire wants 25 or later: install a newer one, or give --Stack processes."), await StartAsync(["--Stack=containers", .. Free]));
    }

    [Fact]
    public async Task Start_NoBuildx_SaysWhatToDo()
    {
        Docker("""[ "$1" != buildx ] || exit 1; echo '{"Client":{"Version":"28.2.2"}}'""");
        var (exitCode, said) = await StartAsync(["--Stack=containers", .. Free]);
        Assert.Equal(2, exitCode);
        Assert.StartsWith("docker has no buildx, which builds the images: install it", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PrebuiltImagesThatAreNotThere_AreNamedWithTheCommandsThatBuildThem()
    {
        Docker("""[ "$1" != image ] || exit 1; echo '{"Client":{"Version":"28.2.2"}}'""");
        var (exitCode, said) = await StartAsync(["--Stack=containers", "--Build:Prebuilt=true", .. Free]);
        Assert.Equal((2, StackImages.Dockerfiles.Count - 1), (exitCode, said.Split('\n').Length));
        Assert.Contains(
            "Image runner-metrics/exporter:dev is not here: build it with 'docker build --file src/runner-images/exporter/Dockerfile --tag runner-metrics/exporter:dev .', or leave out Build:Prebuilt.",
            said.Split('\n'));
    }

    [Fact]
    public async Task Start_TakenPort_SaysWhichByWhatAndHowToChooseAnother()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var (exitCode, said) = await StartAsync(["--Stack=processes", .. Free, $"--Ports:Prometheus={port}"]);
        var by = OperatingSystem.IsLinux() ? $"{(await File.ReadAllTextAsync("/proc/self/comm", Cancelled)).Trim()} (process {Environment.ProcessId})" : "another program";
        Assert.Equal((2, $"Port {port} (Prometheus) is in use by {by}: stop it, or choose another port with --Ports:Prometheus."), (exitCode, said));
    }

    [Fact]
    public void Programs_UnderTheNamesOfTheirMakersAndOfDebian_AreFound()
    {
        Program("prometheus");
        Program("prometheus-node-exporter");
        var found = LocalPrograms.Find($"/nowhere{Path.PathSeparator}{_folder.Path}");
        Assert.Equal(["node-exporter", "prometheus"], found.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("Without alertmanager: not on the PATH.", LocalPrograms.Describe(found));
    }

    [Theory]
    [InlineData("""{"Client":{"Version":"28.2.2"}}""", 28)]
    [InlineData("""{"Client":{"Version":"27.0.0-rc.1"}}""", 27)]
    [InlineData("""{"Client":{"Version":"next"}}""", null)]
    [InlineData("""{"Server":{}}""", null)]
    [InlineData("not JSON", null)]
    public void Client_OfTheEnginesAnswer_IsItsVersion(string answer, int? major) => Assert.Equal(major, ContainerEngine.ClientOf(answer)?.Major);

    public void Dispose() => _folder.Dispose();

    // Ports that nobody has, so that what runs on this machine is no problem of the test's.
    private static string[] Free => [.. ((string[])["Exporter", "Collector", "Prometheus", "Alertmanager", "Grafana", "Automation"]).Select(name => $"--Ports:{name}={Ports.Reserve()}")];

    private void Docker(string script) => Program("docker", script);

    private void Program(string name, string script = "")
    {
        var file = Path.Combine(_folder.Path, name);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private async Task<(int ExitCode, string Said)> StartAsync(params string[] arguments)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs of this test are shell scripts.");
        var start = new ProcessStartInfo(AppHostProgram.Dotnet, [AppHostProgram.Path, .. arguments]);
        start.Environment["PATH"] = _folder.Path;
        start.Environment.Remove("ASPIRE_CONTAINER_RUNTIME");
        var run = await ProcessRun.RunAsync(start, Cancelled);
        return (run.ExitCode, run.Errors.Trim());
    }
}
