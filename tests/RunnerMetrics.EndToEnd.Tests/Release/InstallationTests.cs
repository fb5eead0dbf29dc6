using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Release;

/// <summary>What people do first: install.sh and the Debian packages, on a clean machine that has nothing of ours.</summary>
[Collection(BuiltRelease.Collection)]
public sealed class InstallationTests(BuiltRelease release, ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _shared = new();

    [Fact]
    public async Task InstallScript_OnACleanMachine_ShowsAJobInMetricsAndLeavesNothingBehind()
    {
        BuiltRelease.SkipUnlessMachinesCanBeMade();
        await ShareAsync();
        var said = await release.RunOnCleanMachineAsync("install.sh", _shared.Path);
        output.WriteLine(said);
        Assert.Contains("github_runner_jobs_total{runner_name=\"build 7\",runner_type=\"standard\",runner_scope=\"github.com/acme\"", said, StringComparison.Ordinal);
        Assert.Contains("a job in /metrics after ", said, StringComparison.Ordinal);
        Assert.Contains("units: verified", said, StringComparison.Ordinal);
        Assert.Contains("kept: RUNNER_METRICS_HISTORY=30d, RUNNER_METRICS_COLLECTOR=http://127.0.0.1:9095\n", said, StringComparison.Ordinal);
        Assert.Contains("after the removal: /etc/runner-metrics /home/runner/.local/state/runner-metrics /var/lib/runner-metrics \n", said, StringComparison.Ordinal);
        Assert.Contains("after the purge: /home/runner/.local/state/runner-metrics \n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InstallScript_OfADamagedDownload_InstallsNothing()
    {
        BuiltRelease.SkipUnlessMachinesCanBeMade();
        var files = await release.FilesAsync();
        var damaged = Directory.CreateDirectory(_shared.File("release")).FullName;
        foreach (var file in Directory.EnumerateFiles(files))
        {
            File.Copy(file, Path.Combine(damaged, Path.GetFileName(file)));
        }

        var archive = Path.Combine(damaged, $"runner-metrics-agent-{BuiltRelease.Version}-{BuiltRelease.Runtime}.tar.gz");
        var bytes = await File.ReadAllBytesAsync(archive, TestContext.Current.CancellationToken);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(archive, bytes, TestContext.Current.CancellationToken);
        var said = await release.RunOnCleanMachineAsync("damaged.sh", _shared.Path);
        Assert.Contains($"{Path.GetFileName(archive)} is not what SHA256SUMS says", said, StringComparison.Ordinal);
        Assert.Contains("status 1, installed: 0", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DebianPackages_InstalledUpgradedAndRemoved_KeepWhatWasCountedUntilThePurge()
    {
        BuiltRelease.SkipUnlessMachinesCanBeMade();
        await ShareAsync();
        var said = await release.RunOnCleanMachineAsync("deb.sh", _shared.Path);
        output.WriteLine(said);
        var version = BuiltRelease.Version;
        Assert.Contains($"installed: runner-metrics-agent {version} installed; runner-metrics-exporter {version} installed; \n", said, StringComparison.Ordinal);
        Assert.Contains("user: /var/lib/runner-metrics:/usr/sbin/nologin, data: runner-metrics 750\n", said, StringComparison.Ordinal);
        Assert.Contains("enabled: /lib/systemd/system/runner-metrics-exporter.service\n", said, StringComparison.Ordinal);
        Assert.Contains("units: verified\n", said, StringComparison.Ordinal);
        Assert.Contains("\njobs: 3\n", said, StringComparison.Ordinal);
        Assert.Contains($"upgraded to {version}+test, jobs: 3, settings: #changed\n", said, StringComparison.Ordinal);
        Assert.Contains("removed, programs: 0, store: 1, settings: 3\n", said, StringComparison.Ordinal);
        Assert.Contains("purged: /home/runner/.local/state/runner-metrics \n", said, StringComparison.Ordinal);
    }

    public void Dispose() => _shared.Dispose();

    private async Task ShareAsync()
    {
        File.CreateSymbolicLink(_shared.File("release"), await release.FilesAsync());
        File.Copy(Programs.Start(typeof(SimulatedRunner).Assembly).FileName, _shared.File("runner-metrics-simulator"));
    }
}
