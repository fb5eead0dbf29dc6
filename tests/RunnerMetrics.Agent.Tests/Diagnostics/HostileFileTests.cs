using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Agent.Tests.Fuzzing;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>What a job can plant in _diag: it writes there as the runner's user. One warning, and on with the rest.</summary>
public sealed class HostileFileTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public HostileFileTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has neither pipes nor such links in folders.");
        Directory.CreateDirectory(_folder.Path);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Worker_20261121-000002-utc.log")]
    [InlineData("Worker_20261121-000004-utc.log")]
    [InlineData("Runner_20261120-000000-utc.log")]
    [InlineData("Runner_20261122-000000-utc.log")]
    public async Task Read_PipePlanted_IsPassedOver(string name)
    {
        Assert.Equal(new ProcessRun(0, "", ""), await ProcessRun.RunAsync("mkfifo", [_folder.File(name)], TestContext.Current.CancellationToken));
        AssertPassedOver(name);
    }

    [Theory]
    [InlineData("Worker_20261121-000002-utc.log", "/dev/zero")]
    [InlineData("Runner_20261122-000000-utc.log", "/dev/zero")]
    [InlineData("Worker_20261121-000002-utc.log", "/etc/passwd")]
    [InlineData("Runner_20261122-000000-utc.log", "/proc/kmsg")]
    public void Read_LinkPlanted_IsPassedOver(string name, string target)
    {
        File.CreateSymbolicLink(_folder.File(name), target);
        AssertPassedOver(name);
    }

    [Fact]
    public void Read_FolderPlanted_IsPassedOver()
    {
        Directory.CreateDirectory(_folder.File("Worker_20261121-000002-utc.log"));
        _folder.WriteJob();
        Assert.Equal(["success"], _folder.Read());
    }

    // A hole of a terabyte takes no disk, and holds no line.
    [Theory]
    [InlineData("Worker_20261121-000002-utc.log")]
    [InlineData("Runner_20261122-000000-utc.log")]
    public void Read_HolePlanted_IsGivenUp(string name)
    {
        using (var file = File.Create(_folder.File(name)))
        {
            file.SetLength(1L << 40);
        }

        _folder.WriteJob();
        Assert.Equal(["success"], _folder.Read(final: true));
    }

    // Each is asked again in every round whether it says by now what it is, or whose.
    [Theory]
    [InlineData("Worker", "")]
    [InlineData("Worker", "[2026-11-21 00:00:02Z INFO Worker] Version: 2.336.0\n")]
    [InlineData("Runner", "")]
    [InlineData("Runner", "[2026-11-21 00:00:02Z INFO JobDispatcher] -\n")]
    public async Task Read_ManyHolesPlanted_AreNotReadAgainAndAgain(string kind, string head)
    {
        for (var i = 0; i < 30; i++)
        {
            var name = $"{kind}_20261121-000002.{i:D3}-utc.log";
            _folder.Write(name, head);
            using var file = File.OpenWrite(_folder.File(name));
            file.SetLength(1L << 40);
        }

        _folder.WriteJob();
        await Fuzz.RunAsync(1, long.MaxValue, _ => _folder, (folder, _) =>
        {
            for (var round = 0; round < 5; round++)
            {
                folder.Time.Advance(TimeSpan.FromSeconds(1));
                folder.Read();
            }
        });
        Assert.Equal(["success"], _folder.Read(final: true));
    }

    [Fact]
    public void Read_ManyEmptyFilesPlanted_StillSeesTheRunner()
    {
        for (var i = 0; i < 3000; i++)
        {
            File.WriteAllText(_folder.File($"Runner_20261119-{i:D6}-utc.log"), "");
        }

        _folder.WriteJob();
        Assert.Equal(["success"], _folder.Read());
        var next = LogFolder.ListenerPage.Replace("000000-", "010000-", StringComparison.Ordinal);
        _folder.Write(next, SmallLog.Listener().Replace("00:00:0", "01:00:0", StringComparison.Ordinal));
        _folder.Time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(2, _folder.Read(final: true).Length);
    }

    private void AssertPassedOver(string name)
    {
        _folder.WriteJob();
        for (var i = 0; i < 100; i++)
        {
            _folder.Read();
            _folder.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["success"], _folder.Events.Verdicts());
        Assert.All(_folder.Log.Lines, line => Assert.StartsWith($"Warning Cannot read {_folder.File(name)}: ", line, StringComparison.Ordinal));
        Assert.InRange(_folder.Log.Lines.Count, string.CompareOrdinal(name, LogFolder.WorkerPage) < 0 ? 1 : 0, 1);
        Assert.Equal(2, _folder.Events.Count(told => told is not ListenerEnded));
    }
}
