using System.Net;
using RunnerMetrics.AutomationWorker.Configuration;
using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AutomationWorker.Tests.Configuration;

public sealed class WorkerCommandTests : IDisposable
{
    private readonly Dictionary<string, string> _environment = [];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private (WorkerOptions Options, IReadOnlyList<string> Problems) Read(params string[] arguments)
    {
        var command = new WorkerCommand(_environment.GetValueOrDefault);
        var options = command.Read(command.Root.Parse(arguments), out var problems);
        return (options, problems);
    }

    [Fact]
    public void Read_Run_WatchesAndAudits()
    {
        var key = _folder.Write("key", "k");
        var (options, problems) = Read(
            "run", "--folder", _folder.Path, "--test-command", "dotnet test --filter \"a b\"", "--repository", _folder.Path, "--deepseek-key-file", key,
            "--debounce", "0.25s", "--audit-every", "5m", "--files", "*.cs, *.csproj", "--http-port", "0", "--bind", "localhost");

        Assert.Empty(problems);
        Assert.Equal(["dotnet", "test", "--filter", "a b"], options.Watch!.TestCommand);
        Assert.Equal(["*.cs", "*.csproj"], options.Watch.Files);
        Assert.Equal((0.25, 5.0, 0, IPAddress.Loopback), (options.Watch.Debounce.TotalSeconds, options.Audit!.Every.TotalMinutes, options.HttpPort, options.Bind));
        Assert.Equal(("deepseek", "https://api.deepseek.com/", "deepseek-chat"), (options.Apis[0].Name, options.Apis[0].Url.AbsoluteUri, options.Apis[0].Model));
    }

    [Fact]
    public void Read_WatchAndAudit_AreEachAlone()
    {
        Assert.Null(Read("watch", "--test-command", "true").Options.Audit);
        Assert.Null(Read("audit").Options.Watch);
        Assert.Empty(Read("audit").Problems);
    }

    [Fact]
    public void Read_Demo_HasAPortOfItsOwn()
    {
        Assert.Equal((9090, 9464), (Read("demo").Options.HttpPort, Read("audit").Options.HttpPort));
        Assert.Empty(Read("demo").Problems);
        _environment["RUNNER_METRICS_AUTOMATION_HTTP_PORT"] = "9000";
        Assert.Equal((9000, 9001), (Read("demo").Options.HttpPort, Read("demo", "--http-port", "9001").Options.HttpPort));
        Assert.NotEmpty(Read("demo", "--folder", ".").Problems);
    }

    [Fact]
    public void Read_Variables_CountUnlessTheCommandLineSaysOtherwise()
    {
        _environment["RUNNER_METRICS_AUTOMATION_TEST_COMMAND"] = "make check";
        _environment["RUNNER_METRICS_AUTOMATION_DEBOUNCE"] = "3s";
        var (options, problems) = Read("watch", "--debounce", "4s");

        Assert.Empty(problems);
        Assert.Equal(["make", "check"], options.Watch!.TestCommand);
        Assert.Equal(4.0, options.Watch.Debounce.TotalSeconds);
    }

    [Fact]
    public void Read_EverythingWrong_SaysEveryProblemAndHowToMendIt()
    {
        _environment["RUNNER_METRICS_AUTOMATION_AUDIT_EVERY"] = "soon";
        var (_, problems) = Read(
            "run", "--folder", "/nowhere", "--http-port", "70000", "--bind", "here", "--debounce", "0s", "--marker", "(", "--state", "/nowhere/s.json",
            "--deepseek-key-file", "/nowhere/key", "--perplexity-key-file", _folder.Write("key", "# none\n"), "--perplexity-url", "ftp://x");

        Assert.Equal(11, problems.Count);
        Assert.All(
            ["AUDIT_EVERY 'soon'", "--folder /nowhere", "--http-port '70000'", "--bind 'here'", "--debounce '0s'", "--marker (", "--state /nowhere/s.json",
                "--deepseek-key-file /nowhere/key", "contains no key", "--perplexity-url 'ftp://x'", "--test-command is missing"],
            part => Assert.Single(problems, problem => problem.Contains(part, StringComparison.Ordinal)));
    }

    [Fact]
    public void Variables_OfEveryOption_AreKnown()
    {
        var options = new WorkerCommand(_ => null).Root.Subcommands.SelectMany(command => command.Options).OfType<IDescribedOption>();
        Assert.Empty(UnknownVariables.Find(options.SelectMany(option => option.Variables).Distinct().ToDictionary(name => name, _ => "1")));
    }

    [Theory]
    [InlineData]
    [InlineData("watch", "--nothing")]
    [InlineData("dance")]
    public void Read_CommandLineThatCannotBeRead_SaysSo(params string[] arguments) => Assert.NotEmpty(Read(arguments).Problems);
}
