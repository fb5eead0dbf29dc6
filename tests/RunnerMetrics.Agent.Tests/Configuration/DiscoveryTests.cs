using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Configuration;

/// <summary>What an agent finds by itself, from a machine's folders to its options.</summary>
public sealed class DiscoveryTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly TemporaryFolder _working = new();
    private readonly Dictionary<string, string> _environment = [];
    private readonly List<string> _running = [];
    private readonly StringWriter _errors = new();
    private AgentOptions? _options;

    public DiscoveryTests() => _environment["HOME"] = _home.Path;

    public void Dispose()
    {
        _home.Dispose();
        _working.Dispose();
        _errors.Dispose();
    }

    [Fact]
    public async Task Run_InARunnersFolder_FindsEverything()
    {
        File.WriteAllText(_working.File(".runner"), "{}");
        _running.Add("/opt/another");
        await RunAsync();
        Assert.Equal("", _errors.ToString());
        Assert.Equal(
            (_working.File("_diag"), null, "standard", new Uri("http://127.0.0.1:9095")),
            (_options!.Diag, _options.RunnerName, _options.RunnerType, _options.Collector));
        Assert.StartsWith(_home.File(".local/state/runner-metrics/spool-" + Path.GetFileName(_working.Path) + "-"), _options.Spool, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OneRunnerRuns_FindsIt()
    {
        _running.Add("/opt/runner");
        await RunAsync();
        Assert.Equal("/opt/runner/_diag", _options!.Diag);
    }

    [Fact]
    public async Task Run_SeveralRunnersRun_AsksForWhich()
    {
        _running.AddRange(["/opt/a", "/opt/b"]);
        await RunAsync();
        Assert.Null(_options);
        Assert.Equal("--diag is missing, and more than one runner runs here: give the _diag folder of one of /opt/a, /opt/b, and start an agent for each.", _errors.ToString().Split(Environment.NewLine)[0]);
    }

    [Theory]
    [InlineData("actions-runner/run.sh", "actions-runner/_diag")]
    [InlineData("run.sh", "_diag")]
    public async Task Run_RunnerUnpackedWherePeopleDo_FindsIt(string file, string diag)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_home.File(file))!);
        File.WriteAllText(_home.File(file), "");
        await RunAsync();
        Assert.Equal(_home.File(diag), _options!.Diag);
    }

    [Fact]
    public async Task Run_TwoRunnersOfOneFolderName_HaveASpoolEach()
    {
        await RunAsync("--diag", "/srv/a/runner/_diag");
        var first = _options!.Spool;
        await RunAsync("--diag", "/srv/b/runner/_diag");
        Assert.NotEqual(first, _options.Spool);
        await RunAsync("--diag", "/srv/a/runner/_diag/");
        Assert.Equal(first, _options.Spool);
    }

    [Theory]
    [InlineData("self-hosted, linux,Chrome", "chrome")]
    [InlineData("chrome-go", "chrome-go")]
    [InlineData("self-hosted,gpu", "standard")]
    [InlineData("", "standard")]
    public async Task Run_LabelsInTheEnvironment_GiveTheType(string labels, string type)
    {
        _environment["RUNNER_LABELS"] = labels;
        await RunAsync("--diag", "/diag");
        Assert.Equal(type, _options!.RunnerType);
    }

    private Task<int> RunAsync(params string[] arguments)
    {
        var commands = new AgentCommandLine(
            options =>
            {
                _options = options;
                return Task.FromResult(0);
            },
            _environment.GetValueOrDefault, _errors, TimeProvider.System, () => Stream.Null, () => Stream.Null,
            new Discovery(_environment.GetValueOrDefault, _working.Path, () => _running));
        return commands.InvokeAsync(["run", .. arguments], TextWriter.Null, _errors);
    }
}
