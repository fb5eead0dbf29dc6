using Microsoft.Extensions.Logging.Abstractions;
using RunnerMetrics.Automation.Auditing;
using RunnerMetrics.Automation.Tests.Support;
using RunnerMetrics.AutomationWorker.Auditing;
using RunnerMetrics.AutomationWorker.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AutomationWorker.Tests.Auditing;

public sealed class AuditAgentTests : IAsyncLifetime
{
    private readonly TemporaryFolder _kept = new();
    private readonly ServedMeters _meters = new();
    private readonly ManualTimeProvider _clock = new();
    private GitRepository _repository = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _repository = await GitRepository.CreateAsync();

    public ValueTask DisposeAsync()
    {
        _meters.Dispose();
        _repository?.Dispose();
        _kept.Dispose();
        return ValueTask.CompletedTask;
    }

    private double? this[string name] => _meters["audit_agent_" + name];

    private AuditAgent Agent(string? state = null, string? folder = null) => new(
        new AuditOptions { Repository = folder ?? _repository.Path, StateFile = state }, new AuditAgentMetrics(_meters, _clock), _clock, NullLogger<AuditAgent>.Instance);

    private static string Coverage(int covered, int valid) => $"""<coverage line-rate="0.5" lines-covered="{covered}" lines-valid="{valid}"/>""";

    [Fact]
    public async Task Audit_NewCommits_CountOnceEachOnEveryBranch()
    {
        using var audit = Agent();
        await _repository.CommitAsync(5);
        Assert.Equal(0, (await audit.AuditAsync(AuditTrigger.Schedule, Cancelled)).Commits); // they were there before

        await _repository.CommitAsync(3);
        await _repository.GitAsync("checkout", "--quiet", "-b", "other", "HEAD~2");
        await _repository.CommitAsync(2);
        await _repository.GitAsync("tag", "--annotate", "--message", "A tag", "v1");
        Assert.Equal(5, (await audit.AuditAsync(AuditTrigger.Demand, Cancelled)).Commits);
        Assert.Equal(0, (await audit.AuditAsync(AuditTrigger.Demand, Cancelled)).Commits);

        await _repository.GitAsync("checkout", "--quiet", "main");
        await _repository.GitAsync("merge", "--quiet", "--no-ff", "--message", "A merge", "other");
        Assert.Equal(1, (await audit.AuditAsync(AuditTrigger.Demand, Cancelled)).Commits);
        Assert.Equal((6, 1, 3, 0), (this["git_commits_detected_total"], this["runs_total{trigger=\"schedule\"}"], this["runs_total{trigger=\"demand\"}"], this["active_tasks"]));
        Assert.Equal(12, this["analysis_duration_seconds_count"]);
        Assert.Equal(_clock.GetUtcNow().ToUnixTimeSeconds(), this["last_run_timestamp_seconds"]);
    }

    [Fact]
    public async Task Audit_CommitsFromBeforeAreGone_IsAnErrorAndANewBeginning()
    {
        using var audit = Agent();
        await _repository.CommitAsync();
        await audit.AuditAsync(AuditTrigger.Schedule, Cancelled);
        await _repository.GitAsync("reset", "--quiet", "--hard", "HEAD~1");
        await _repository.GitAsync("reflog", "expire", "--expire=now", "--all");
        await _repository.GitAsync("prune", "--expire=now");
        await _repository.CommitAsync();

        var found = await audit.AuditAsync(AuditTrigger.Schedule, Cancelled);
        Assert.Null(found.Commits);
        Assert.False(found.IsComplete);
        Assert.Equal((1, 0), (this["errors_total{type=\"git\"}"], this["git_commits_detected_total"]));
        await _repository.CommitAsync();
        Assert.Equal(1, (await audit.AuditAsync(AuditTrigger.Schedule, Cancelled)).Commits);
    }

    [Fact]
    public async Task Audit_CompletionMarkers_CountWhenTheyAreFoundFirst()
    {
        using var audit = Agent();
        _repository.Write("plan.md", "- [x] one\n- [ ] two\n- [x] same\n- [x] same\n");
        _repository.Write("docs/deep/plan.md", "* [X] one\n");
        _repository.Write("other/plan.md", "- [x] not looked at\n");
        Assert.Equal(4, (await audit.AuditAsync(AuditTrigger.Schedule, Cancelled)).Markers);
        Assert.Equal(0, (await audit.AuditAsync(AuditTrigger.Schedule, Cancelled)).Markers);

        _repository.Write("plan.md", "# moved\n\n- [x] two\n- [x] same\n- [x] one\n- [x] same\n");
        Assert.Equal(1, (await audit.AuditAsync(AuditTrigger.Schedule, Cancelled)).Markers);
        Assert.Equal(5, this["completion_markers_found_total"]);
    }

    [Fact]
    public async Task Audit_Coverage_IsAbsentUntilMeasuredAndWhenItIsNoMore()
    {
        using var audit = Agent();
        await audit.AuditAsync(AuditTrigger.Schedule, Cancelled);
        Assert.Null(this["coverage_percent"]);

        // Two test projects; of the first one's two runs the later counts.
        var first = _repository.Write("tests/A/TestResults/1/coverage.cobertura.xml", Coverage(1, 100));
        File.SetLastWriteTimeUtc(first, DateTime.UnixEpoch);
        _repository.Write("tests/A/TestResults/2/coverage.cobertura.xml", Coverage(60, 100));
        _repository.Write("tests/B/TestResults/3/coverage.cobertura.xml", """
            <?xml version="1.0"?><!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
            <coverage line-rate="0.5"><packages><package><classes><class name="a"><methods><method><lines><line number="1" hits="1"/></lines></method></methods>
            <lines><line number="1" hits="1"/><line number="2" hits="0"/></lines></class></classes></package></packages></coverage>
            """);
        Assert.Equal(100.0 * 61 / 102, (await audit.AuditAsync(AuditTrigger.Schedule, Cancelled)).Coverage);
        Assert.Equal(100.0 * 61 / 102, this["coverage_percent"]);

        _repository.Write("tests/A/TestResults/4/coverage.cobertura.xml", "<html");
        Assert.False((await audit.AuditAsync(AuditTrigger.Schedule, Cancelled)).IsComplete);
        Assert.Null(this["coverage_percent"]);
        Assert.Equal(1, this["errors_total{type=\"coverage\"}"]);
    }

    [Fact]
    public async Task Audit_StateKept_GoesOnWhereTheLastWorkerEnded()
    {
        var state = Path.Combine(_kept.Path, "state.json");
        _repository.Write("plan.md", "- [x] one\n");
        using (var audit = Agent(state))
        {
            await audit.AuditAsync(AuditTrigger.Schedule, Cancelled);
        }

        await _repository.CommitAsync(2);
        _repository.Write("plan.md", "- [x] one\n- [x] two\n");
        using var next = Agent(state);
        var found = await next.AuditAsync(AuditTrigger.Schedule, Cancelled);
        Assert.Equal((2, 1), (found.Commits, found.Markers));
    }

    [Fact]
    public async Task Audit_NoRepository_SeesTheRestAndSaysWhatItDidNotSee()
    {
        using var folder = new TemporaryFolder();
        folder.Write("plan.md", "- [x] one\n");
        using var audit = Agent(folder: folder.Path);

        var found = await audit.AuditAsync(AuditTrigger.Schedule, Cancelled);
        Assert.Equal((null, 1, false), (found.Commits, found.Markers, found.IsComplete));
        Assert.Equal("new commits: not measured\nnew completion markers: 1\ncoverage: not measured\n", found.ToString());
        Assert.Equal(1, this["errors_total{type=\"git\"}"]);
    }

    [Fact]
    public async Task Problem_AuditThatGrowsOld_SaysSo()
    {
        using var audit = Agent();
        Assert.Equal("no audit yet", audit.Problem);
        await audit.AuditAsync(AuditTrigger.Schedule, Cancelled);
        _clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Null(audit.Problem);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("the last audit ended 1861 s ago", audit.Problem);
    }

    [Fact]
    public async Task Audit_ThisVeryRepository_SeesAll()
    {
        using var audit = Agent(folder: RepositoryFolder.Path);
        var found = await audit.AuditAsync(AuditTrigger.Schedule, Cancelled);

        Assert.Equal((0, true), (found.Commits, found.IsComplete));
    }
}
