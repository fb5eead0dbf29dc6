using System.CommandLine;
using RunnerMetrics.Hosting.CommandLine;

namespace RunnerMetrics.Hosting.Tests.CommandLine;

/// <summary>One command line and one environment, as every program reads them.</summary>
public class ProgramOptionTests
{
    private readonly Dictionary<string, string> _environment = [];
    private readonly ProgramOption<int> _port;
    private readonly ProgramOption<TimeSpan> _retention;
    private readonly ProgramOption<bool> _verbose;
    private readonly ProgramOption<IReadOnlyList<string>> _names;
    private readonly ProgramOption<string?> _data;
    private readonly ProgramOption<Uri?> _collector;
    private readonly RootCommand _root;

    public ProgramOptionTests()
    {
        var options = new ProgramOptions(_environment.GetValueOrDefault);
        _port = options.Describe("--http-port", Numbers.Port, 9091, "Port of /metrics", "METRICS_PORT");
        _retention = options.Describe("--retention", Durations.Any, TimeSpan.FromDays(7), "How long series are kept");
        _verbose = options.Flag("--verbose", "Say more");
        _names = options.Describe("--names", Texts.List("NAMES"), [], "Names");
        _data = options.Text("--data", "DIR", "Folder");
        _collector = options.DescribeAs("--collector", null, Addresses.Service("http://127.0.0.1:9095"), null, "Where to report");
        _root = new RootCommand("Tests.") { _port, _retention, _verbose, _names, _data, _collector };
        _root.SetAction(_ => 0);
    }

    [Fact]
    public void Value_NothingGiven_IsTheDefault()
    {
        var parsed = _root.Parse([]);
        Assert.Equal((9091, TimeSpan.FromDays(7), false, null, null), (_port.Value(parsed), _retention.Value(parsed), _verbose.Value(parsed), _data.Value(parsed), _collector.Value(parsed)));
        Assert.Empty(_names.Value(parsed));
        Assert.Empty(UsageProblems.Of(parsed));
    }

    [Fact]
    public void Value_SeveralSources_TheCommandLineCountsMost()
    {
        _environment["METRICS_PORT"] = "8100";
        Assert.Equal(8100, _port.Value(_root.Parse([])));
        _environment["RUNNER_METRICS_HTTP_PORT"] = "8200";
        Assert.Equal(8200, _port.Value(_root.Parse([])));
        Assert.Equal(8300, _port.Value(_root.Parse("--http-port 8300")));
        _environment["RUNNER_METRICS_HTTP_PORT"] = "";
        Assert.Equal(8100, _port.Value(_root.Parse([])));
    }

    [Theory]
    [InlineData("--verbose", null, true)]
    [InlineData("--verbose true", null, true)]
    [InlineData("--verbose false", "true", false)]
    [InlineData("", "1", true)]
    [InlineData("", "TRUE", true)]
    [InlineData("", "0", false)]
    public void Flag_OptionAndVariable_TurnItOnAndOff(string line, string? variable, bool isOn)
    {
        _environment["RUNNER_METRICS_VERBOSE"] = variable ?? "";
        var parsed = _root.Parse(line);
        Assert.Equal(isOn, _verbose.Value(parsed));
        Assert.Empty(UsageProblems.Of(parsed));
    }

    [Theory]
    [InlineData("--names a,b --names c")]
    [InlineData("--names a,b,c")]
    public void List_RepeatedOrJoined_IsOneList(string line) => Assert.Equal(["a", "b", "c"], _names.Value(_root.Parse(line)));

    [Fact]
    public void Problems_EverythingWrong_AreAllNamedWithTheirSource()
    {
        _environment["RUNNER_METRICS_RETENTION"] = "1y";
        _environment["RUNNER_METRICS_VERBOSE"] = "maybe";
        var parsed = _root.Parse("--http-port http --collector http://user:password@host --datta /data stray");
        Assert.Equal(
            [
                "Unrecognized command or argument '--datta'. Did you mean '--data'?",
                "Unrecognized command or argument '/data'.",
                "Unrecognized command or argument 'stray'.",
                "--http-port 'http' is not a port: give 1 to 65535, or 0 for any free one.",
                "RUNNER_METRICS_RETENTION '1y' is not a duration: give a number and s, m, h or d, such as 30s or 7d.",
                "RUNNER_METRICS_VERBOSE 'maybe' is neither true nor false.",
                "--collector is not an address: give http://HOST:PORT or https://HOST:PORT, such as http://127.0.0.1:9095.",
            ],
            UsageProblems.Of(parsed));
        Assert.Equal((9091, TimeSpan.FromDays(7), false), (_port.Value(parsed), _retention.Value(parsed), _verbose.Value(parsed)));
    }

    [Theory]
    [InlineData("--http-port")]
    [InlineData("--http-port 1 --http-port 2")]
    public void Problems_NoneOrTooManyValues_AreOneProblem(string line)
    {
        var parsed = _root.Parse(line);
        Assert.Contains("--http-port", Assert.Single(UsageProblems.Of(parsed)), StringComparison.Ordinal);
        Assert.Equal(9091, _port.Value(parsed));
    }

    [Fact]
    public void Write_Problems_StandOnALineEach()
    {
        using var errors = new StringWriter();
        var command = new Command("report");
        _root.Add(new Command("cache") { command });
        Assert.Equal(2, UsageProblems.Write(errors, ["one\ntwo", "three"], "runner-metrics-agent", command));
        Assert.Equal("one two\nthree\nRun 'runner-metrics-agent cache report --help' for the options.\n", errors.ToString().ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData(2, "--http-port http --dato d", 4)]
    [InlineData(0, "--dato d --help", 0)]
    [InlineData(0, "", 0)]
    public async Task RunAsync_Words_AreTakenOrExplained(int code, string line, int lines)
    {
        using var errors = new StringWriter();
        using var output = new StringWriter();
        var configuration = new InvocationConfiguration { Error = errors, Output = output };
        Assert.Equal(code, await _root.RunAsync("runner-metrics-test", line.Split(' ', StringSplitOptions.RemoveEmptyEntries), configuration));
        Assert.Equal(lines, errors.ToString().Count(letter => letter == '\n'));
    }

    [Fact]
    public void Help_EveryOption_ShowsItsDefaultAndItsVariables()
    {
        _environment["RUNNER_METRICS_RETENTION"] = "3d";
        using var output = new StringWriter();
        _root.Parse("--help").Invoke(new InvocationConfiguration { Output = output });
        var help = string.Join(' ', output.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("--http-port <PORT> Port of /metrics [default: 9091] [RUNNER_METRICS_HTTP_PORT, METRICS_PORT] ", help, StringComparison.Ordinal);
        Assert.Contains("--retention <DURATION> How long series are kept [default: 7d] [RUNNER_METRICS_RETENTION] ", help, StringComparison.Ordinal);
        Assert.Contains("--verbose Say more [RUNNER_METRICS_VERBOSE] ", help, StringComparison.Ordinal);
        Assert.Contains("--names <NAMES> Names [RUNNER_METRICS_NAMES] ", help, StringComparison.Ordinal);
        Assert.Contains("--collector <URL> Where to report ", help, StringComparison.Ordinal);
    }

    [Fact]
    public void Default_OfEveryOption_IsAValueThatItTakes()
    {
        foreach (var option in _root.Options.OfType<IDescribedOption>().Where(option => option.DefaultText is { Length: > 0 }))
        {
            Assert.Empty(UsageProblems.Of(_root.Parse([$"{option.Name}={option.DefaultText}"])));
        }
    }

    [Fact]
    public void UnknownVariables_MisspeltOne_IsNamedWithTheNearest()
    {
        var environment = new Dictionary<string, string>
        {
            ["RUNNER_METRICS_HTP_PORT"] = "9091",
            ["RUNNER_METRICS_WEBHOOK_SECRET"] = "/secret",
            ["RUNNER_METRICS_ENTIRELY_ELSE"] = "1",
            ["RUNNER_METRICS_RETENTION"] = "3d",
            ["RUNNER_METRICS_HOOK_WAIT"] = "true",
            ["RUNNER_METRICS_SPOOL"] = "/spool",
            ["RUNNER_METRICS_AUTOMATION_FOLDER"] = "/src",
            ["RUNNER_METRICS_EXPORTER_SERVICE_HOST"] = "10.0.0.1",
            ["RUNNER_METRICS_EXPORTER_SERVICE_PORT"] = "9091",
            ["RUNNER_METRICS_EXPORTER_SERVICE_PORT_GRPC"] = "9095",
            ["RUNNER_METRICS_EXPORTER_PORT"] = "tcp://10.0.0.1:9091",
            ["RUNNER_METRICS_EXPORTER_PORT_9091_TCP"] = "tcp://10.0.0.1:9091",
            ["RUNNER_METRICS_EXPORTER_PORT_9091_TCP_ADDR"] = "10.0.0.1",
            ["RUNNER_TEMP"] = "/tmp",
        };
        Assert.Equal(
            [
                "RUNNER_METRICS_ENTIRELY_ELSE is not a variable of RunnerMetrics and has no effect.",
                "RUNNER_METRICS_HTP_PORT is not a variable of RunnerMetrics and has no effect: did you mean RUNNER_METRICS_HTTP_PORT?",
                "RUNNER_METRICS_WEBHOOK_SECRET is not a variable of RunnerMetrics and has no effect: did you mean RUNNER_METRICS_WEBHOOK_SECRET_FILE?",
            ],
            UnknownVariables.Find(environment));
    }
}
