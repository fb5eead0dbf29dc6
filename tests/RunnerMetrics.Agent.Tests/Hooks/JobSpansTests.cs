using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Agent.Hooks;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Hooks;

/// <summary>What the agent leaves for a job's started hook.</summary>
public sealed class JobSpansTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly MemoryLogger _log = new();

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Note_AJobBegan_LeavesItsSpanUntilItsEnd()
    {
        var spans = new JobSpans(new HookFolder(_folder.Path, _time, _log), _time);
        spans.Note(new JobBegan(Job, null));
        Assert.Equal("55b9b8b34bb88fcf\n", File.ReadAllText(_folder.File("9753949763-1.span")));
        Assert.Single(Directory.GetFiles(_folder.Path));

        spans.Note(new JobEnded(Job, new JobVerdict(), _time.GetUtcNow(), null));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Note_AJobThatBeganLongAgo_LeavesNothing()
    {
        _time.Advance(TimeSpan.FromMinutes(2));
        new JobSpans(new HookFolder(_folder.Path, _time, _log), _time).Note(new JobBegan(Job, null));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [InlineData(0, 26920038674)]
    [InlineData(9753949763, 0)]
    public void Note_RunOrJobNotKnown_LeavesNothing(long run, long checkRun)
    {
        new JobSpans(new HookFolder(_folder.Path, _time, _log), _time).Note(new JobBegan(Job with { RunId = run, CheckRunId = checkRun }, null));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    // A job that runs may have made the name its own.
    [Fact]
    public void Note_LinkInItsPlace_IsReplacedAndNotFollowed()
    {
        var target = _folder.Write("elsewhere/target", "kept");
        File.CreateSymbolicLink(_folder.File("9753949763-1.span"), target);
        new JobSpans(new HookFolder(_folder.Path, _time, _log), _time).Note(new JobBegan(Job, null));

        Assert.Equal("kept", File.ReadAllText(target));
        Assert.Equal("55b9b8b34bb88fcf\n", File.ReadAllText(_folder.File("9753949763-1.span")));
    }

    private static JobFacts Job { get; } = new()
    {
        JobKey = "key",
        JobId = "guid",
        StartedAt = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero),
        RunnerName = "r1",
        RunId = 9753949763,
        RunAttempt = 1,
        CheckRunId = 26920038674,
    };
}
