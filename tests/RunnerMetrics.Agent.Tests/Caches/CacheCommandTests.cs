using System.Security.Cryptography;
using RunnerMetrics.Agent.Hooks;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Caches;

/// <summary><c>cache report</c> and <c>cache parse</c>, from the arguments to the file that the running agent takes.</summary>
public sealed class CacheCommandTests : IDisposable
{
    private readonly TemporaryFolder _hooks = new();
    private readonly ManualTimeProvider _time = new();
    private readonly StringWriter _errors = new();

    public void Dispose()
    {
        _errors.Dispose();
        _hooks.Dispose();
    }

    [Fact]
    public async Task Report_Counts_AreTakenByTheAgentOnce()
    {
        Assert.Equal(0, await RunAsync("cache", "report", "--type", "npm", "--hits", "8", "--misses", "2"));

        var folder = new HookFolder(_hooks.Path, _time, new MemoryLogger());
        var reports = new CacheReports(folder, _time);
        var report = Assert.Single(reports.Take(folder.ListIfChanged(CacheReport.Ending), 10));
        Assert.Equal(("npm", new CacheCount(8, 2), _time.GetUtcNow()), (report.CacheType, report.Count, report.At));
        Assert.Empty(reports.Take(folder.ListIfChanged(CacheReport.Ending), 10));
        reports.Settled(report);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_hooks.Path));
    }

    [Fact]
    public async Task Report_AgentRestartsBeforeItSettled_IsTakenAgainUnderTheSameId()
    {
        await RunAsync("cache", "report", "--type", "npm", "--hits", "8", "--misses", "2");
        Assert.Equal(Take().Single().Id, Take().Single().Id);
    }

    // 0 of 0 is a report too: counters are created with it.
    [Fact]
    public async Task Report_Nothing_IsAReport()
    {
        Assert.Equal(0, await RunAsync("cache", "report", "--type", "my-cache", "--hits", "0", "--misses", "0"));
        Assert.Single(Take());
    }

    [Fact]
    public async Task Report_EverythingWrong_SaysEverything()
    {
        Assert.Equal(2, await RunWithAsync(null, null, "cache", "report", "--type", "No Type", "--hits", "-1"));
        Assert.Equal(
            """
            --type must be 1 to 32 of a-z, 0-9 and -, such as npm; it is 'No Type'.
            --hits must be a whole number from 0 to 1000000; it is '-1'.
            --misses must be a whole number from 0 to 1000000; it is ''.
            --hooks is missing: give the running agent's hook folder, or set RUNNER_METRICS_HOOKS.
            Run 'runner-metrics-agent cache report --help' for the options.

            """,
            _errors.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Report_FolderMissing_FailsAndSaysWhatToDo()
    {
        Assert.Equal(1, await RunWithAsync(_hooks.File("absent"), null, "cache", "report", "--type", "npm", "--hits", "1", "--misses", "0"));
        Assert.Contains("give --hooks the running agent's hook folder", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parse_NpmOutput_PassesItThroughAndReports()
    {
        var input = CacheOutput.Bytes("npm/add.txt");
        using var output = new MemoryStream();
        Assert.Equal(0, await RunWithAsync(_hooks.Path, (new MemoryStream(input), output), "cache", "parse", "--type", "npm"));

        Assert.Equal(input, output.ToArray());
        Assert.Equal(new CacheCount(8, 1), Assert.Single(Take()).Count);
        Assert.Equal("", _errors.ToString());
    }

    [Fact]
    public async Task Parse_LinesThatAreNotKnown_SaysSoOnceAndCountsTheRest()
    {
        using var output = new MemoryStream();
        var input = "Holen:1 http://a.example s jq [9 B]\nHit:2 http://a.example s InRelease\nHolen:3 http://a.example s \u001b[1myq [9 B]\n"u8.ToArray();
        Assert.Equal(0, await RunWithAsync(_hooks.Path, (new MemoryStream(input), output), "cache", "parse", "--type", "apt"));

        Assert.Equal(new CacheCount(1, 0, 2), Assert.Single(Take()).Count);
        Assert.Equal(
            "cache parse: 2 lines of the tool have an unknown format, and are not counted (apt's output must be in English: set LC_ALL=C); the first is: Holen:1 http://a.example s jq [9 B]",
            _errors.ToString().TrimEnd());
    }

    [Fact]
    public async Task Parse_NothingButLinesThatAreNotKnown_ReportsThem()
    {
        using var output = new MemoryStream();
        await RunWithAsync(_hooks.Path, (new MemoryStream("Holen:1 http://a.example s jq [9 B]\n"u8.ToArray()), output), "cache", "parse", "--type", "apt");
        Assert.Equal(new CacheCount(0, 0, 1), Assert.Single(Take()).Count);
    }

    [Fact]
    public async Task Parse_AnyBytes_PassesThemThrough()
    {
        var input = RandomNumberGenerator.GetBytes(10 << 20);
        using var output = new MemoryStream();
        Assert.Equal(0, await RunWithAsync(_hooks.Path, (new MemoryStream(input), output), "cache", "parse", "--type", "buildkit"));

        Assert.True(input.AsSpan().SequenceEqual(output.ToArray()));
        Assert.Empty(Take());
    }

    [Theory]
    [InlineData("--type", "maven")]
    [InlineData("--type")]
    [InlineData("--unknown")]
    [InlineData("words", "too many")]
    public async Task Parse_WrongArguments_PassesTheInputThroughAndEndsWith0(params string[] arguments)
    {
        using var output = new MemoryStream();
        Assert.Equal(0, await RunWithAsync(_hooks.Path, (new MemoryStream("kept\n"u8.ToArray()), output), ["cache", "parse", .. arguments]));

        Assert.Equal("kept\n"u8.ToArray(), output.ToArray());
        Assert.StartsWith("cache parse: ", _errors.ToString(), StringComparison.Ordinal);
        Assert.Empty(Take());
    }

    [Fact]
    public async Task Parse_NobodyReadsTheOutput_ReadsToTheEndAndReports()
    {
        using var output = new ClosedStream();
        Assert.Equal(0, await RunWithAsync(_hooks.Path, (new MemoryStream(CacheOutput.Bytes("npm/warm.txt")), output), "cache", "parse", "--type", "npm"));
        Assert.Equal(new CacheCount(8, 0), Assert.Single(Take()).Count);
    }

    [Fact]
    public async Task Parse_FolderMissing_EndsWith0()
    {
        using var output = new MemoryStream();
        Assert.Equal(0, await RunWithAsync(_hooks.File("absent"), (new MemoryStream(CacheOutput.Bytes("npm/warm.txt")), output), "cache", "parse", "--type", "npm"));
        Assert.Contains("cannot be written", _errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cache-00000000000000000000000000000001.cache", "runner-metrics-cache 1\nTIME=1\nTYPE=npm\nHITS=1\nMISSES=99999999999999\nend\n")]
    [InlineData("cache-00000000000000000000000000000001.cache", "runner-metrics-cache 1\nTIME=1\nTYPE=npm\nHITS=1\nMISSES=1\nUNKNOWN=-1\nend\n")]
    [InlineData("cache-00000000000000000000000000000001.cache", "runner-metrics-cache 1\nTIME=1\nTYPE=No\nHITS=1\nMISSES=1\nend\n")]
    [InlineData("cache-00000000000000000000000000000001.cache", "runner-metrics-cache 1\nTIME=9999999999\nTYPE=npm\nHITS=1\nMISSES=1\nend\n")]
    [InlineData("cache-00000000000000000000000000000001.cache", "runner-metrics-cache 1\nTYPE=npm\nHITS=1\nMISSES=1\nend\n")]
    [InlineData("mine.cache", "runner-metrics-cache 1\nTIME=1\nTYPE=npm\nHITS=1\nMISSES=1\nend\n")]
    public void Take_NotAReport_IsRemoved(string name, string text)
    {
        File.WriteAllText(_hooks.File(name), text);
        Assert.Empty(Take());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_hooks.Path));
    }

    [Fact]
    public async Task Take_MoreThanTheLimit_TakesTheRestLater()
    {
        for (var i = 0; i < 5; i++)
        {
            await RunAsync("cache", "report", "--type", "npm", "--hits", "1", "--misses", "0");
        }

        var folder = new HookFolder(_hooks.Path, _time, new MemoryLogger());
        var reports = new CacheReports(folder, _time);
        Assert.Equal(3, reports.Take(folder.ListIfChanged(CacheReport.Ending), 3).Count);
        Assert.Equal(2, reports.Take(folder.ListIfChanged(CacheReport.Ending), 3).Count);
    }

    private IReadOnlyList<CacheReport> Take()
    {
        var folder = new HookFolder(_hooks.Path, _time, new MemoryLogger());
        return new CacheReports(folder, _time).Take(folder.ListIfChanged(CacheReport.Ending, CacheReport.TakenEnding), 10);
    }

    private Task<int> RunAsync(params string[] arguments) => RunWithAsync(_hooks.Path, null, arguments);

    private async Task<int> RunWithAsync(string? hooks, (Stream Input, Stream Output)? streams, params string[] arguments)
    {
        var commands = new AgentCommandLine(
            _ => throw new InvalidOperationException("No agent is to run."),
            variable => variable == "RUNNER_METRICS_HOOKS" ? hooks : null,
            _errors,
            _time,
            () => streams!.Value.Input,
            () => streams!.Value.Output);
        using var output = new StringWriter();
        return await commands.InvokeAsync(arguments, output, _errors);
    }

    /// <summary>A pipe that nobody reads any more.</summary>
    private sealed class ClosedStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("Broken pipe");
    }
}
