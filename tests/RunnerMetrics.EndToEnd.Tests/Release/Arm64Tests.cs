using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Release;

/// <summary>The programs of the release for arm64, which were linked on this machine, run by qemu.</summary>
[Collection(BuiltRelease.Collection)]
public sealed class Arm64Tests(BuiltRelease release) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("usr/bin/runner-metrics-exporter")]
    [InlineData("usr/bin/runner-metrics-agent")]
    [InlineData("opt/runner-metrics-standalone")]
    public async Task Program_AskedForItsVersion_SaysIt(string program)
    {
        var run = await ProcessRun.RunAsync(await release.OnArm64Async(program, "--version"), TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, run.Said);
        Assert.Contains(BuiltRelease.Version, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_AtWork_CountEveryJobInAStoreThatThisMachineReads()
    {
        await ProgramsAtWork.CountJobsAsync((name, arguments) => release.OnArm64Async($"usr/bin/{name}", arguments), _folder);

        await using var exporter = ExporterProcess.Start("--data", _folder.File("data"), "--http-port", "0", "--grpc-port", "0");
        await ProgramsAtWork.AssertCountedAsync((await exporter.ReadyAsync()).Http);
    }

    public void Dispose() => _folder.Dispose();
}
