using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Configuration;

public sealed class AgentCommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment = [];
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();
    private AgentOptions? _options;

    public AgentCommandLineTests() => File.WriteAllText(Token, "\n  secret \n");

    private string Token => _folder.File("token");

    [Fact]
    public async Task Invoke_EverythingGiven_RunsTheAgentSo()
    {
        var code = await InvokeAsync(
            "run", "--diag", "/diag", "--spool", "/spool", "--runner-name", "r 1", "--runner-type", "chrome-go", "--collector", "https://collector:9095", "--token-file", Token, "--once");
        Assert.Equal(7, code);
        Assert.Equal("", _errors.ToString());
        Assert.Equal(
            ("/diag", "/spool", "r 1", "chrome-go", new Uri("https://collector:9095"), Token, true),
            (_options!.Diag, _options.Spool, _options.RunnerName, _options.RunnerType, _options.Collector, _options.TokenFile, _options.Once));
    }

    [Fact]
    public async Task Invoke_EverythingInTheEnvironment_RunsTheAgentSo()
    {
        SetEnvironment();
        Assert.Equal(7, await InvokeAsync("run"));
        Assert.Equal(
            ("/diag", "/spool", "r1", "chrome", new Uri("http://127.0.0.1:9095"), Token, false),
            (_options!.Diag, _options.Spool, _options.RunnerName, _options.RunnerType, _options.Collector, _options.TokenFile, _options.Once));
    }

    [Fact]
    public async Task Invoke_OptionAndEnvironment_TakesTheOption()
    {
        SetEnvironment();
        Assert.Equal(7, await InvokeAsync("run", "--runner-type", "standard", "--diag", "/other"));
        Assert.Equal(("/other", "standard"), (_options!.Diag, _options.RunnerType));
    }

    [Fact]
    public async Task Invoke_NothingGivenAndNoRunnerFound_SaysWhereItLooked()
    {
        Assert.Equal(2, await InvokeAsync("run"));
        Assert.Equal(["--diag is missing, and no runner was found in /work or among the processes: give the runner's _diag folder."], Errors());
        Assert.Null(_options);
    }

    [Fact]
    public async Task Invoke_EverythingWrong_SaysAllOfIt()
    {
        var name = new string('n', 129);
        var code = await InvokeAsync(
            "run", "--diag", Token, "--spool", Token, "--runner-name", name, "--runner-type", "Chrome", "--collector", "collector:9095", "--token-file", _folder.File("gone"));
        Assert.Equal(2, code);
        var errors = Errors();
        Assert.Equal(6, errors.Length);
        Assert.Equal($"--diag {Token} is a file: give the runner's _diag folder.", errors[0]);
        Assert.Equal($"--spool {Token} is a file: give a folder that the agent can write to.", errors[1]);
        Assert.Equal("--runner-name has 129 characters or control characters: give 1 to 128 printable ones.", errors[2]);
        Assert.Equal("--runner-type 'Chrome' is not a type: give 1 to 32 of a-z, 0-9 and -, without - at the start.", errors[3]);
        Assert.Equal("--collector 'collector:9095' is not an address: give http://HOST:PORT or https://HOST:PORT, such as http://127.0.0.1:9095.", errors[4]);
        Assert.StartsWith($"--token-file {_folder.File("gone")} cannot be read (", errors[5], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--runner-name", "a\nb", "--runner-name has 3 characters or control characters")]
    [InlineData("--runner-name", "ephemeral", "--runner-name ephemeral is reserved by the metrics: give another name.")]
    [InlineData("--runner-name", "other", "--runner-name other is reserved by the metrics: give another name.")]
    [InlineData("--runner-name", " ", "--runner-name is blank")]
    [InlineData("--runner-type", "-chrome", "--runner-type '-chrome' is not a type")]
    [InlineData("--runner-type", "a23456789012345678901234567890123", "--runner-type 'a23456789012345678901234567890123' is not a type")]
    [InlineData("--runner-type", "chrome\n", "--runner-type 'chrome")]
    [InlineData("--collector", "ftp://127.0.0.1", "--collector 'ftp://127.0.0.1' is not an address")]
    [InlineData("--collector", "http://127.0.0.1:9095/metrics", "--collector 'http://127.0.0.1:9095/metrics' is not an address")]
    [InlineData("--collector", "http://user:password@127.0.0.1:9095", "is not an address")]
    [InlineData("--collector", "http://127.0.0.1:99999", "--collector 'http://127.0.0.1:99999' is not an address")]
    [InlineData("--spool-max-size", "1K", "--spool-max-size '1K' is not a size from 1M to 1G: give one such as 64M.")]
    [InlineData("--spool-max-age", "36d", "--spool-max-age '36d' is not a duration from 1m to 35d: give one such as 30d.")]
    [InlineData("--flush-timeout", "61s", "--flush-timeout '61s' is not a duration from 0s to 1m: give one such as 3s.")]
    [InlineData("--log-level", "loud", "--log-level 'loud' is not one of debug, information, warning, error.")]
    [InlineData("--collector", "http://", "--collector 'http://' is not an address")]
    public async Task Invoke_OptionWrong_SaysWhichAndWhy(string option, string value, string problem)
    {
        SetEnvironment();
        Assert.Equal(2, await InvokeAsync("run", $"{option}={value}"));
        Assert.Contains(problem, Errors()[0], StringComparison.Ordinal);
        Assert.DoesNotContain("password", _errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty: put the collector's token into it.")]
    [InlineData("\n \n", "is empty: put the collector's token into it.")]
    [InlineData("geheim\u0007", "contains a token with a character that is not allowed in a header")]
    [InlineData("geheim\u00fc", "contains a token with a character that is not allowed in a header")]
    public async Task Invoke_TokenFileWithoutAToken_SaysSoAndNotTheToken(string content, string problem)
    {
        File.WriteAllText(Token, content);
        SetEnvironment();
        Assert.Equal(2, await InvokeAsync("run"));
        var error = Assert.Single(Errors());
        Assert.StartsWith($"--token-file {Token} {problem}", error, StringComparison.Ordinal);
        Assert.DoesNotContain("words", error, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_TokenFileIsAFolder_SaysSo()
    {
        SetEnvironment();
        Assert.Equal(2, await InvokeAsync("run", "--token-file", _folder.Path));
        Assert.StartsWith($"--token-file {_folder.Path} cannot be read (", Assert.Single(Errors()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_CollectorElsewhereAndNoToken_AsksForOne()
    {
        SetEnvironment();
        _environment.Remove("RUNNER_METRICS_TOKEN_FILE");
        Assert.Equal(2, await InvokeAsync("run", "--collector", "http://collector:9095"));
        Assert.Equal("--token-file is missing: the collector collector is not on this machine, give a file with its token.", Assert.Single(Errors()));
        Assert.Equal(7, await InvokeAsync("run", "--collector", "http://localhost:9095"));
    }

    [Theory]
    [InlineData("runner-metrics-agent run", "run", "--dig", "/diag")]
    [InlineData("runner-metrics-agent run", "run", "--diag")]
    [InlineData("runner-metrics-agent", "walk")]
    public async Task Invoke_NotAnOption_SaysSoAndWhereToLook(string help, params string[] arguments)
    {
        SetEnvironment();
        Assert.Equal(2, await InvokeAsync(arguments));
        Assert.NotEmpty(Errors());
        Assert.EndsWith($"Run '{help} --help' for the options.", _errors.ToString().TrimEnd(), StringComparison.Ordinal);
        Assert.Equal("", _output.ToString());
        Assert.Null(_options);
    }

    [Fact]
    public async Task Invoke_SpoolLimits_AreTakenAsEveryProgramWritesThem()
    {
        SetEnvironment();
        Assert.Equal(7, await InvokeAsync("run"));
        Assert.Equal((64L << 20, TimeSpan.FromDays(30), TimeSpan.FromSeconds(3)), (_options!.SpoolMaxBytes, _options.SpoolMaxAge, _options.FlushTimeout));
        Assert.Equal(7, await InvokeAsync("run", "--spool-max-size", "2048k", "--spool-max-age", "1.5h", "--flush-timeout", "0.5s"));
        Assert.Equal((2L << 20, TimeSpan.FromMinutes(90), TimeSpan.FromSeconds(0.5)), (_options.SpoolMaxBytes, _options.SpoolMaxAge, _options.FlushTimeout));
    }

    [Fact]
    public async Task Invoke_Help_ShowsEveryOptionWithItsVariable()
    {
        Assert.Equal(0, await InvokeAsync("run", "--help"));
        var help = _output.ToString();
        foreach (var expected in new[]
        {
            "--diag", "RUNNER_METRICS_DIAG", "--spool", "RUNNER_METRICS_SPOOL", "--runner-name", "RUNNER_NAME", "--runner-type", "RUNNER_TYPE", "--collector",
            "RUNNER_METRICS_COLLECTOR", "--token-file", "RUNNER_METRICS_TOKEN_FILE", "--once",
        })
        {
            Assert.Contains(expected, help, StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }

    private Task<int> InvokeAsync(params string[] arguments)
    {
        var commands = new AgentCommandLine(
            options =>
            {
                _options = options;
                return Task.FromResult(7);
            },
            _environment.GetValueOrDefault, _errors, TimeProvider.System, () => Stream.Null, () => Stream.Null,
            new Discovery(_environment.GetValueOrDefault, "/work", () => []));
        return commands.InvokeAsync(arguments, _output, _errors);
    }

    // The last line says where to look.
    private string[] Errors() => _errors.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)[..^1];

    private void SetEnvironment()
    {
        _environment["RUNNER_METRICS_DIAG"] = "/diag";
        _environment["RUNNER_METRICS_SPOOL"] = "/spool";
        _environment["RUNNER_NAME"] = "r1";
        _environment["RUNNER_TYPE"] = "chrome";
        _environment["RUNNER_METRICS_COLLECTOR"] = "http://127.0.0.1:9095";
        _environment["RUNNER_METRICS_TOKEN_FILE"] = Token;
    }
}
