using System.Diagnostics;
using System.Globalization;
using RunnerMetrics.EndToEnd.Tests.Release;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Docs;

/// <summary>
/// The commands of README and of the quick start, run as they stand there: those that need the .NET SDK on this machine, the others on a clean one. Two things are put in their
/// place: the release that was built here for GitHub's, and <c>--no-build</c>, because the build is there.
/// </summary>
[Collection(BuiltRelease.Collection)]
public sealed class CommandTests(BuiltRelease release, ITestOutputHelper output)
{
    private const string Releases = "https://github.com/OWNER/RunnerMetrics/releases";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/quick-start.md")]
    public async Task Commands_ForTheSdk_Run(string document)
    {
        var commands = CommandsOf(document).Where(IsForTheSdk).ToArray();
        Assert.NotEmpty(commands);
        foreach (var command in commands)
        {
            var start = new ProcessStartInfo("bash", ["-eo", "pipefail", "-c", command.Replace("dotnet run ", "dotnet run --no-build ", StringComparison.Ordinal)]) { WorkingDirectory = RepositoryFolder.Path };
            start.Environment["RUNNER_METRICS_DURATION"] = "5s";
            start.Environment["RUNNER_METRICS_SPEED"] = "300";
            start.Environment["RUNNER_METRICS_HTTP_PORT"] = Ports.Reserve().ToString(CultureInfo.InvariantCulture);
            start.Environment["RUNNER_METRICS_GRPC_PORT"] = Ports.Reserve().ToString(CultureInfo.InvariantCulture);
            var run = await ProcessRun.RunAsync(start, Cancelled);
            Assert.True(run.ExitCode == 0, $"{command}\n{run.Said}");
            Assert.Contains("Every job that the runners ran is in /metrics exactly once", run.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("README.md", "left: ")]
    [InlineData("docs/quick-start.md", "left: 0")]
    public async Task Commands_ForAMachine_Run(string document, string left)
    {
        BuiltRelease.SkipUnlessMachinesCanBeMade();
        var commands = CommandsOf(document).Where(command => !IsForTheSdk(command)).ToArray();
        Assert.NotEmpty(commands);
        using var shared = new TemporaryFolder();
        File.CreateSymbolicLink(shared.File("release"), await release.FilesAsync());
        File.Copy(Programs.Start(typeof(SimulatedRunner).Assembly).FileName, shared.File("runner-metrics-simulator"));
        foreach (var (command, i) in commands.Select((command, i) => (command, i)))
        {
            shared.Write($"commands/{i:D2}.sh", command.Replace(Releases, "http://127.0.0.1:8000/acme/RunnerMetrics/releases", StringComparison.Ordinal) + "\n");
        }

        var said = await release.RunOnCleanMachineAsync("commands.sh", shared.Path);
        output.WriteLine(said);
        Assert.Contains($"== all ran; {left}", said, StringComparison.Ordinal);
    }

    private static IEnumerable<string> CommandsOf(string document) =>
        MarkdownFile.Read(document).Blocks.Where(block => block.Language == "bash").Select(block => string.Join('\n', block.Lines));

    private static bool IsForTheSdk(string command) => command.StartsWith("dotnet ", StringComparison.Ordinal);
}
