using RunnerMetrics.Agent.Hooks;
using RunnerMetrics.Agent.Tests.Spool;
using RunnerMetrics.Contracts.V1;
using CacheReport = RunnerMetrics.Agent.Hooks.CacheReport;

namespace RunnerMetrics.Agent.Tests.Hooks;

/// <summary>A whole agent with a hook folder: a file goes when what was made of it is in the spool, and not before.</summary>
public sealed class SpooledHooksTests : IAsyncDisposable
{
    private readonly SpooledAgent _agent = new();

    public SpooledHooksTests() => Directory.CreateDirectory(_agent.Hooks);

    public ValueTask DisposeAsync() => _agent.DisposeAsync();

    [Fact]
    public async Task Run_CacheReport_IsDeliveredOnceAndItsFileGoes()
    {
        _agent.WriteJob();
        _agent.Start();
        var report = Report();
        await _agent.UntilAsync(() => Reports.Count > 0 && Files.Length == 0, "the report arrives, and its file goes", step: 0.25);
        await _agent.EndAsync();
        var arrived = Assert.Single(Reports);
        Assert.Equal((report.Id, "npm", 8UL, 2UL), (arrived.EventId, arrived.Cache.CacheType, arrived.Cache.Hits, arrived.Cache.Misses));
        Assert.NotEqual("", arrived.Runner.InstanceId);
    }

    [Fact]
    public async Task Run_SpoolTakesNothing_FilesStay()
    {
        _agent.WriteJob();
        _agent.Start();
        await _agent.UntilAsync(() => _agent.Collector.Events.Count == 2, "the job arrives");
        _agent.Disk.Room = 0;
        Report();
        await _agent.UntilAsync(() => Files is [var name] && name.EndsWith(CacheReport.TakenEnding, StringComparison.Ordinal), "the report is taken", step: 0.25);
        for (var i = 0; i < 20; i++)
        {
            await _agent.UntilAsync(() => true, "time passes");
        }

        Assert.Single(Files);
        Assert.Empty(Reports);
        _agent.Disk.Room = null;
        await _agent.UntilAsync(() => Reports.Count == 1 && Files.Length == 0, "the report arrives");
    }

    // What is left of a crash between the spool's fsync and the removal.
    [Fact]
    public async Task Start_FileOfAReportThatTheSpoolHas_IsNotDeliveredAgain()
    {
        _agent.WriteJob();
        var report = Report();
        var text = await File.ReadAllBytesAsync(Path.Combine(_agent.Hooks, report.Id + CacheReport.Ending), TestContext.Current.CancellationToken);
        _agent.Start();
        await _agent.UntilAsync(() => Files.Length == 0, "the report is taken", step: 0.25);
        await _agent.EndAsync();
        await File.WriteAllBytesAsync(Path.Combine(_agent.Hooks, report.Id + CacheReport.TakenEnding), text, TestContext.Current.CancellationToken);
        _agent.Start();
        await _agent.UntilAsync(() => Files.Length == 0, "the file goes", step: 0.25);
        await _agent.EndAsync();
        Assert.Single(Reports);
    }

    [Fact]
    public async Task Start_FileThatAnotherAgentBegan_IsDelivered()
    {
        _agent.WriteJob();
        var report = Report();
        File.Move(Path.Combine(_agent.Hooks, report.Id + CacheReport.Ending), Path.Combine(_agent.Hooks, report.Id + CacheReport.TakenEnding));
        _agent.Start();
        await _agent.UntilAsync(() => Reports.Count == 1 && Files.Length == 0, "the report arrives", step: 0.25);
        Assert.Equal(report.Id, Assert.Single(Reports).EventId);
    }

    // The real runner's log says all of it by itself; the hook's file is removed with the job's end.
    [Fact]
    public async Task Run_HookFilesOfAJob_GoWithItsEnd()
    {
        _agent.WriteJob();
        var given = HookRun.EnvironmentOf("ok");
        given["RUNNER_METRICS_HOOKS"] = _agent.Hooks;
        var at = new DateTimeOffset(2026, 11, 21, 0, 22, 44, TimeSpan.Zero).ToUnixTimeSeconds();
        await HookRun.RunAsync("/bin/sh", given, HookRun.Started, "--write", $"{at}");
        await HookRun.RunAsync("/bin/sh", given, HookRun.Completed, "--write", $"{at + 2}");
        Assert.Equal(2, Files.Length);
        _agent.Start();
        await _agent.UntilAsync(() => _agent.Collector.Events.Count == 2 && Files.Length == 0, "the job arrives, and its files go", step: 0.25);
    }

    [Fact]
    public async Task Run_HookWaits_IsAnsweredWhenTheCollectorHasTheJob()
    {
        _agent.Collector.IsAway = true;
        _agent.WriteJob();
        _agent.Start();
        await _agent.UntilAsync(() => _agent.Collector.Tries > 0, "the job is on its way");
        await WaitingHookAsync();
        await _agent.UntilAsync(() => _agent.Collector.Tries > 1, "it is tried again", step: 0.25);
        Assert.Empty(Answers);
        _agent.Collector.IsAway = false;
        await WaitingHookAsync();
        await _agent.UntilAsync(() => Answers.Length > 0, "the hook is answered", step: 0.25);
        Assert.Equal(2, _agent.Collector.Events.Count);
        await _agent.UntilAsync(() => Answers.Length == 0, "the answer goes", step: 0.25);
    }

    [Fact]
    public async Task Run_HookWaitedLongAgo_IsNotAnswered()
    {
        await WaitingHookAsync(secondsAgo: 60);
        _agent.WriteJob();
        _agent.Start();
        await _agent.UntilAsync(() => _agent.Collector.Events.Count == 2, "the job arrives", step: 0.25);
        await _agent.EndAsync();
        Assert.Empty(Answers);
    }

    [Fact]
    public async Task Run_LinkInThePlaceOfAnAnswer_IsNotFollowed()
    {
        var target = Path.Combine(_agent.Hooks, "..", "target");
        await File.WriteAllTextAsync(target, "kept", TestContext.Current.CancellationToken);
        _agent.WriteJob();
        _agent.Start();
        await _agent.UntilAsync(() => _agent.Collector.Events.Count == 2, "the job arrives");
        File.CreateSymbolicLink(Path.Combine(_agent.Hooks, "job-completed-planted.ack"), target);
        await File.WriteAllTextAsync(Path.Combine(_agent.Hooks, "job-completed-planted.hook"), await WaitingHookAsync(), TestContext.Current.CancellationToken);
        await _agent.UntilAsync(() => Answers.Length > 1, "the other hook is answered", step: 0.25);
        await _agent.EndAsync();
        Assert.Equal("kept", await File.ReadAllTextAsync(target, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Run_NoHookFolder_DelaysNothing()
    {
        Directory.Delete(_agent.Hooks);
        _agent.WriteJob();
        _agent.Start();
        await _agent.UntilAsync(() => _agent.Collector.Events.Count == 2, "the job arrives", step: 0.25);
    }

    private IReadOnlyList<Event> Reports => [.. _agent.Collector.Events.Where(e => e.Cache is not null)];

    private string[] Files => Directory.GetFiles(_agent.Hooks);

    private string[] Answers => Directory.GetFiles(_agent.Hooks, "*.ack");

    // Written by the real script, which is not waited for: the clock is the test's.
    private async Task<string> WaitingHookAsync(int secondsAgo = 0)
    {
        var given = HookRun.EnvironmentOf("ok", "hook-completed.env");
        given["RUNNER_METRICS_HOOKS"] = _agent.Hooks;
        await HookRun.RunAsync("/bin/sh", given, HookRun.Completed, "--write", $"{_agent.Time.GetUtcNow().ToUnixTimeSeconds() - secondsAgo}");
        var file = Directory.GetFiles(_agent.Hooks, "*.hook").MaxBy(File.GetLastWriteTimeUtc)!;
        var text = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Replace("\nend\n", "\nWAITS=true\nend\n", StringComparison.Ordinal);
        File.Delete(file);
        await File.WriteAllTextAsync(file + ".aside", text, TestContext.Current.CancellationToken);
        File.Move(file + ".aside", file.Replace(".hook", "-waits.hook", StringComparison.Ordinal));
        return text;
    }

    private CacheReport Report()
    {
        var report = CacheReport.Create("npm", new CacheCount(8, 2), _agent.Time);
        report.Write(_agent.Hooks);
        return report;
    }
}
