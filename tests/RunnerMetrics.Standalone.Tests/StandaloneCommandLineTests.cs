using System.CommandLine;
using System.Net;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.Standalone.Configuration;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Standalone.Tests;

public sealed class StandaloneCommandLineTests : IDisposable
{
    private const string Hint = "Run 'runner-metrics-standalone --help' for the options.";

    private readonly Dictionary<string, string> _environment = new() { ["RUNNER_METRICS_DIAG"] = "/srv/runner/_diag", ["RUNNER_METRICS_SPOOL"] = "/spool" };
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();
    private StandaloneOptions? _options;

    public void Dispose()
    {
        _output.Dispose();
        _errors.Dispose();
    }

    [Fact]
    public async Task Invoke_NothingElseGiven_ServesOnLoopback()
    {
        Assert.Equal(7, await InvokeAsync("--data", "/data", "--runner-name", "r1", "--runner-type", "chrome", "--hooks", "/hooks"));
        Assert.Equal((9091, IPAddress.Loopback, "/data"), (_options!.HttpPort, _options.Bind, _options.DataDirectory));
        Assert.Equal(
            ("/srv/runner/_diag", "/spool", "r1", "chrome", "/hooks"),
            (_options.Agent.Diag, _options.Agent.Spool, _options.Agent.RunnerName, _options.Agent.RunnerType, _options.Agent.Hooks));
    }

    [Fact]
    public async Task Invoke_EverythingInTheEnvironment_RunsSo()
    {
        _environment["METRICS_PORT"] = "9092";
        _environment["RUNNER_METRICS_BIND"] = "localhost";
        _environment["RUNNER_METRICS_DATA"] = "/data";
        Assert.Equal(7, await InvokeAsync());
        Assert.Equal((9092, IPAddress.Loopback, "/data"), (_options!.HttpPort, _options.Bind, _options.DataDirectory));
    }

    [Fact]
    public async Task Invoke_NoDataFolderGiven_KeepsItsDataBesideTheUsualSpool()
    {
        _environment["HOME"] = "/home/r";
        Assert.Equal(7, await InvokeAsync());
        Assert.StartsWith("/home/r/.local/state/runner-metrics/data-runner-", _options!.DataDirectory, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_EverythingWrong_SaysAllOfIt()
    {
        Assert.Equal(2, await InvokeAsync("--runner-type", "Chrome", "--http-port", "66000", "--bind", "1"));
        Assert.Equal(
            [
                "--http-port '66000' is not a port: give 1 to 65535, or 0 for any free one.",
                "--bind '1' is not an IP address: give one such as 127.0.0.1 or 0.0.0.0.",
                "--runner-type 'Chrome' is not a type: give 1 to 32 of a-z, 0-9 and -, without - at the start.",
                "--data is missing: give a folder for what must outlive the process.",
                Hint,
            ],
            Errors());
        Assert.Null(_options);
    }

    [Fact]
    public async Task Invoke_Collector_IsNoOptionOfIt()
    {
        Assert.Equal(2, await InvokeAsync("--data", "/data", "--collector", "http://127.0.0.1:9095"));
        Assert.Equal(Hint, Errors()[^1]);
        Assert.Null(_options);
    }

    [Fact]
    public async Task Invoke_Doctor_LooksForNoCollector()
    {
        await InvokeAsync("doctor");
        Assert.Contains("_diag", _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("collector", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Documentation_OptionsBesideTheAgents_AreThoseOfTheProgram()
    {
        var agent = new Command("run");
        new RunOptions(_ => null, new Uri("http://127.0.0.1")).AddTo(agent);
        var own = new StandaloneCommandLine(_ => Task.FromResult(7), _ => null).Root.Options.OfType<IDescribedOption>().Where(option => agent.Options.All(other => other.Name != option.Name)).ToArray();
        var documented = OptionTable.Read("docs/configuration.md", "### Agent and exporter in one program");
        Assert.Equal(own.Select(option => option.Name).Order(), documented.Keys.Order());
        Assert.All(own, option => Assert.Equal(option.Variables[0], documented[option.Name][1].Trim('`')));
        Assert.All(own, option => Assert.StartsWith(option.DefaultText ?? "", documented[option.Name][2], StringComparison.Ordinal));
    }

    private Task<int> InvokeAsync(params string[] arguments)
    {
        var commands = new StandaloneCommandLine(
            options =>
            {
                _options = options;
                return Task.FromResult(7);
            },
            _environment.GetValueOrDefault);
        return commands.InvokeAsync(arguments, _output, _errors);
    }

    private string[] Errors() => _errors.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
