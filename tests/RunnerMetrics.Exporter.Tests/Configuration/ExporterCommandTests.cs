using System.Net;
using RunnerMetrics.Exporter.Configuration;

namespace RunnerMetrics.Exporter.Tests.Configuration;

public sealed class ExporterCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exporter-").FullName;
    private readonly Dictionary<string, string> _environment = [];

    private string Tokens => Path.Combine(_folder, "tokens");

    public ExporterCommandTests() => File.WriteAllText(Tokens, "secret-0123456789\n");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (ExporterOptions Options, IReadOnlyList<string> Problems) Read(params string[] arguments)
    {
        var command = new ExporterCommand(name => _environment.GetValueOrDefault(name));
        var options = command.Read(command.Root.Parse(arguments), out var problems);
        return (options, problems);
    }

    [Fact]
    public void Read_Nothing_IsForOneMachine()
    {
        var (options, problems) = Read();

        Assert.Empty(problems);
        Assert.Equal(new ExporterOptions(), options);
        Assert.Equal((9091, 9095, IPAddress.Loopback), (options.HttpPort, options.GrpcPort, options.Bind));
    }

    public static TheoryData<string, string> Options() => new()
    {
        { "--http-port", "8001" }, { "--grpc-port", "8002" }, { "--bind", "::1" }, { "--offline-after", "2m" }, { "--lost-after", "1.5h" },
        { "--runtime-metrics", "true" }, { "--retention", "3d" }, { "--max-runners", "12" }, { "--max-label-sets", "13" }, { "--open-page", "true" },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Read_OptionOrItsVariable_SetsTheSameValue(string option, string value)
    {
        var (byOption, problems) = Read(option, value);
        Assert.Empty(problems);
        Assert.NotEqual(new ExporterOptions(), byOption);

        _environment["RUNNER_METRICS_" + option[2..].Replace('-', '_').ToUpperInvariant()] = value;
        var (byVariable, variableProblems) = Read();
        Assert.Empty(variableProblems);
        Assert.Equal(byOption, byVariable);
    }

    [Fact]
    public void Read_FilesAndFolders_AreTakenFromOptionsAndVariables()
    {
        var data = Path.Combine(_folder, "data");
        var (options, problems) = Read("--token-file", Tokens, "--data", data, "--bind", "0.0.0.0");
        Assert.Empty(problems);
        Assert.Equal((Tokens, data, IPAddress.Any), (options.TokenFile, options.DataDirectory, options.Bind));
        Assert.True(Directory.Exists(data));
        Assert.Empty(Directory.EnumerateFileSystemEntries(data));

        _environment["RUNNER_METRICS_TOKEN_FILE"] = Tokens;
        _environment["RUNNER_METRICS_DATA"] = data;
        _environment["RUNNER_METRICS_BIND"] = "localhost";
        (options, problems) = Read();
        Assert.Empty(problems);
        Assert.Equal((Tokens, data, IPAddress.Loopback), (options.TokenFile, options.DataDirectory, options.Bind));
    }

    [Fact]
    public void Read_Durations_AreInTheirUnits()
    {
        var (options, _) = Read("--offline-after", "45s", "--lost-after", "1.5h", "--retention", "3d");
        Assert.Equal(
            (TimeSpan.FromSeconds(45), TimeSpan.FromMinutes(90), TimeSpan.FromDays(3)),
            (options.Fleet.OfflineAfter, options.Fleet.LostAfter, options.Fleet.Retention));
    }

    [Fact]
    public void Read_SeveralSources_TheCommandLineCountsMost()
    {
        _environment["METRICS_PORT"] = "8100";
        Assert.Equal(8100, Read().Options.HttpPort);
        _environment["RUNNER_METRICS_HTTP_PORT"] = "8200";
        Assert.Equal(8200, Read().Options.HttpPort);
        Assert.Equal(8300, Read("--http-port", "8300").Options.HttpPort);
        _environment["RUNNER_METRICS_HTTP_PORT"] = "";
        Assert.Equal(8100, Read().Options.HttpPort);
    }

    public static TheoryData<string[], string> Wrong() => new()
    {
        { ["--http-port", "http"], "--http-port 'http' is not a port: give 1 to 65535, or 0 for any free one." },
        { ["--http-port", "65536"], "--http-port '65536' is not a port: give 1 to 65535, or 0 for any free one." },
        { ["--grpc-port", "-1"], "--grpc-port '-1' is not a port" },
        { ["--http-port", "9095"], "--http-port and --grpc-port are both 9095" },
        { ["--bind", "everywhere"], "--bind 'everywhere' is not an IP address" },
        { ["--bind", "9091"], "--bind '9091' is not an IP address" },
        { ["--bind", "0.0.0.0"], "--bind 0.0.0.0 opens the collector to the network: give --token-file too" },
        { ["--webhook-secret-file", "/etc/hostname", "--webhooks-without-secret"], "--webhooks-without-secret and --webhook-secret-file exclude each other" },
        { ["--read-token-file", "/dev/null"], "--read-token-file /dev/null: contains no token" },
        { ["--read-token-file", "/nowhere/tokens"], "--read-token-file /nowhere/tokens: " },
        { ["--token-file", "/nowhere/tokens"], "--token-file /nowhere/tokens: " },
        { ["--token-file", "/dev/null"], "--token-file /dev/null: contains no token" },
        { ["--tls-certificate", "c.pem"], "--tls-certificate and --tls-key belong together" },
        { ["--tls-key", "k.pem"], "--tls-certificate and --tls-key belong together" },
        { ["--tls-certificate", "/dev/null", "--tls-key", "/dev/null"], "--tls-certificate /dev/null: " },
        { ["--tls-certificate", "/nowhere/c", "--tls-key", "/nowhere/k"], "--tls-certificate /nowhere/c: " },
        { ["--data", "/proc/nothing"], "--data /proc/nothing: " },
        { ["--offline-after", "soon"], "--offline-after 'soon' is not a duration: give a number and s, m, h or d" },
        { ["--offline-after", "NaNs"], "is not a duration" },
        { ["--offline-after", "Infinityd"], "is not a duration" },
        { ["--offline-after", "-5s"], "is not a duration" },
        { ["--offline-after", "0s"], "--offline-after must be more than 0" },
        { ["--lost-after", "30"], "--lost-after '30' is not a duration" },
        { ["--retention", "99999999999d"], "--retention '99999999999d' is not a duration" },
        { ["--max-runners", "0"], "--max-runners must be more than 0" },
        { ["--max-label-sets", "-3"], "--max-label-sets must be more than 0" },
        { ["--surprise"], "--surprise" },
        { ["stray"], "stray" },
        { ["--http-port"], "--http-port" },
        { ["--http-port", "1", "--http-port", "2"], "--http-port" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Read_WrongOption_IsOneProblemThatSaysWhatWouldBeRight(string[] arguments, string says)
    {
        var (_, problems) = Read(arguments);

        Assert.Contains(says, Assert.Single(problems), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problems[0]);
    }

    [Fact]
    public void Read_WebhooksWithoutSecret_NeedLoopback()
    {
        Assert.True(Read("--webhooks-without-secret").Options.WebhooksWithoutSecret);
        Assert.Empty(Read("--webhooks-without-secret", "--bind", "127.0.0.2").Problems);
        Assert.StartsWith(
            "--webhooks-without-secret with --bind :: lets anybody forge jobs",
            Assert.Single(Read("--webhooks-without-secret", "--bind", "::", "--token-file", Tokens).Problems),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RUNNER_METRICS_HTTP_PORT", "http", "RUNNER_METRICS_HTTP_PORT 'http' is not a port")]
    [InlineData("METRICS_PORT", "http", "METRICS_PORT 'http' is not a port")]
    [InlineData("RUNNER_METRICS_RETENTION", "1y", "RUNNER_METRICS_RETENTION '1y' is not a duration")]
    [InlineData("RUNNER_METRICS_BIND", "x", "RUNNER_METRICS_BIND 'x' is not an IP address")]
    public void Read_WrongVariable_IsNamedAsTheSource(string variable, string value, string problem)
    {
        _environment[variable] = value;
        Assert.StartsWith(problem, Assert.Single(Read().Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_WrongOptions_NamesEveryProblem()
    {
        var error = Assert.Throws<ArgumentException>(
            () => ExporterApplication.Build(new ExporterOptions { HttpPort = -1, GrpcPort = 70_000, Bind = IPAddress.Any }));

        Assert.Contains("--http-port -1", error.Message, StringComparison.Ordinal);
        Assert.Contains("--grpc-port 70000", error.Message, StringComparison.Ordinal);
        Assert.Contains("--bind 0.0.0.0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Webhooks_IsTakenOrExplained()
    {
        var command = new ExporterCommand(name => name == "RUNNER_METRICS_WEBHOOK_JOBS" ? "known" : null);
        var options = command.Read(
            command.Root.Parse("--runner-type-labels GPU=chrome,set=standard --ephemeral-runners arc-* --workflow-repositories a/b,c/* --queued-for 1h"), out var problems);
        Assert.Empty(problems);
        Assert.Equal(("chrome", "standard"), (options.RunnerTypeLabels["gpu"], options.RunnerTypeLabels["set"]));
        Assert.Equal((WebhookJobs.Known, TimeSpan.FromHours(1)), (options.WebhookJobs, options.Fleet.QueuedFor));
        Assert.Equal("arc-*", Assert.Single(options.EphemeralRunnerNames));
        Assert.Equal(["a/b", "c/*"], options.Fleet.WorkflowRepositories);

        command = new ExporterCommand(_ => null);
        command.Read(
            command.Root.Parse("--webhook-jobs some --runner-type-labels gpu --workflow-repositories shop --queued-for 0s --webhook-secret-file /nowhere/at-all"), out problems);
        foreach (var option in (string[])["--webhook-jobs 'some'", "--runner-type-labels 'gpu'", "--workflow-repositories shop", "--queued-for", "--webhook-secret-file /nowhere"])
        {
            Assert.Single(problems, problem => problem.StartsWith(option, StringComparison.Ordinal));
        }
    }
}
