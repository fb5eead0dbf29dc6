using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.Simulator.CommandLine;

namespace RunnerMetrics.Simulator.Tests;

public class SimulatorCommandTests
{
    [Fact]
    public void Parse_Everything_IsTaken()
    {
        var (options, exitCode, error) = Parse("--diag /tmp/d --runner-name r1 --runner-type chrome-go --seed -5 --speed 2.5 --jobs 3 --ephemeral");
        Assert.NotNull(options);
        Assert.Equal((0, string.Empty), (exitCode, error));
        Assert.Equal(("/tmp/d", "r1", "chrome-go", -5, 2.5, 3, true), (options.DiagDirectory, options.RunnerName, options.RunnerType, options.Seed, options.Speed, options.Jobs, options.Ephemeral));
    }

    [Fact]
    public void Parse_WrongUsage_SaysEveryProblemOnALineOfItsOwn()
    {
        var (options, exitCode, error) = Parse("--runner-type firefox --seed x --speed 0 --jobs -1 --frob");
        Assert.Null(options);
        Assert.Equal(2, exitCode);
        Assert.Equal(
            """
            Unrecognized command or argument '--frob'.
            --runner-type 'firefox' is not one of standard, chrome, chrome-go.
            --seed 'x' is not a whole number: give one such as 7.
            --speed '0' is not a number from 0.1 to 10000.
            --jobs '-1' is not a whole number from 1 to 2147483647.
            --diag is missing: give the folder to write the logs into, such as /tmp/runner-1/_diag.
            --runner-name is missing: give the runner's name, such as runner-1.
            Run 'runner-metrics-simulator --help' for the options.

            """,
            error);
    }

    [Fact]
    public void Parse_Environment_StandsInForOptions()
    {
        var (options, _, _) = Parse(string.Empty, ("RUNNER_METRICS_DIAG", "/tmp/d"), ("RUNNER_NAME", "r2"), ("RUNNER_TYPE", "chrome"));
        Assert.Equal(("/tmp/d", "r2", "chrome"), (options?.DiagDirectory, options?.RunnerName, options?.RunnerType));
        Assert.Null(options?.OrderFolder);
        Assert.Equal("/orders", Parse("--diag d --runner-name r", ("RUNNER_METRICS_ORDERS", "/orders")).Options?.OrderFolder);
        var (_, exitCode, error) = Parse("--diag d", ("RUNNER_NAME", "r"), ("RUNNER_TYPE", "safari"));
        Assert.Equal((2, "RUNNER_TYPE 'safari' is not one of standard, chrome, chrome-go.\nRun 'runner-metrics-simulator --help' for the options.\n"), (exitCode, error));
    }

    [Fact]
    public void Parse_Webhooks_AreTakenOrExplained()
    {
        var (options, _, _) = Parse("--diag d --runner-name r --webhook-url http://127.0.0.1:9091/webhooks/github");
        Assert.Equal("http://127.0.0.1:9091/webhooks/github", options?.WebhookUrl?.ToString());

        var (_, exitCode, error) = Parse("--diag d --runner-name r --webhook-url 9091 --webhook-secret-file /nowhere");
        Assert.Equal(2, exitCode);
        Assert.Equal(
            """
            --webhook-url '9091' is not a URL: give one such as http://127.0.0.1:9091/webhooks/github.
            --webhook-secret-file /nowhere: there is no such file: give one whose first line is the secret.
            Run 'runner-metrics-simulator --help' for the options.

            """,
            error);
    }

    [Fact]
    public void Parse_ASimulatedGitHub_TakesThePlaceOfTheWebhooksAddress()
    {
        var (options, _, _) = Parse("--diag d --runner-name r --agent a", ("RUNNER_METRICS_SIMULATED_GITHUB", "http://127.0.0.1:9099"));
        Assert.Equal(("http://127.0.0.1:9099/", "a"), (options?.SimulatedGitHub?.ToString(), options?.AgentProgram));

        var (_, exitCode, error) = Parse("--diag d --runner-name r --simulated-github http://127.0.0.1:9099 --webhook-url http://127.0.0.1:9091/webhooks/github");
        Assert.Equal(2, exitCode);
        Assert.Contains("--webhook-url and --simulated-github exclude each other", error, StringComparison.Ordinal);
        Assert.Contains("--agent needs --webhook-url or --simulated-github too.", Parse("--diag d --runner-name r --agent a").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_OfEveryOption_AreKnown()
    {
        var options = new SimulatorCommand(_ => null).Root.Options.OfType<IDescribedOption>();
        Assert.Empty(UnknownVariables.Find(options.SelectMany(option => option.Variables).ToDictionary(name => name, _ => "1")));
    }

    [Fact]
    public void Parse_Help_IsNoProblem()
    {
        var (options, exitCode, error) = Parse("--help");
        Assert.Null(options);
        Assert.Equal((0, string.Empty), (exitCode, error));
    }

    private static (Running.SimulatorOptions? Options, int ExitCode, string Error) Parse(string line, params (string Name, string Value)[] environment)
    {
        using var output = new StringWriter();
        using var error = new StringWriter { NewLine = "\n" };
        var command = new SimulatorCommand(name => environment.FirstOrDefault(pair => pair.Name == name).Value);
        var (options, exitCode) = command.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, error);
        return (options, exitCode, error.ToString());
    }
}
