using System.Net;
using System.Net.Sockets;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Processes;

public class ExecutableTests
{
    private const string HelpHint = "Run 'runner-metrics-exporter --help' for the options.";

    [Fact]
    public async Task Terminated_WithClientsConnected_EndsWithZero()
    {
        await using var exporter = ExporterProcess.Start("--http-port", "0", "--grpc-port", "0");
        var (http, grpc) = await exporter.ReadyAsync();
        using var channel = CollectorCalls.Open(grpc);
        var batch = AgentEvents.Batch(TimeProvider.System.GetUtcNow(), AgentEvents.Heartbeat("1"));
        batch.Events[0].OccurredAt = batch.SentAt;
        batch.Events[0].Heartbeat.StartedAt = batch.SentAt;
        await channel.ReportAsync(batch);
        using var client = new PatientHttpClient();
        Assert.Contains("github_runner_status{", await client.GetStringAsync(new Uri(http, "/metrics"), RunningExporter.Cancelled), StringComparison.Ordinal);

        await exporter.SignalAsync("TERM");
        var (exitCode, _, errors) = await exporter.EndAsync();

        Assert.Equal(0, exitCode);
        Assert.Empty(errors);
    }

    [Fact]
    public async Task Start_PortTaken_SaysSoInOneLineAndEndsWithOne()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var run = await ExporterProcess.RunAsync("--http-port", $"{port}", "--grpc-port", "0");

        Assert.Equal(1, run.ExitCode);
        var line = Assert.Single(run.ErrorLines);
        Assert.Contains($"http://127.0.0.1:{port}: address already in use", line, StringComparison.Ordinal);
        Assert.Contains("--http-port and --grpc-port", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_AddressOfAnotherMachine_SaysSoInOneLineAndEndsWithOne()
    {
        var tokens = Path.GetTempFileName();
        await File.WriteAllTextAsync(tokens, "secret-0123456789\n", RunningExporter.Cancelled);
        var run = await ExporterProcess.RunAsync("--bind", "192.0.2.1", "--token-file", tokens, "--http-port", "0", "--grpc-port", "0");
        File.Delete(tokens);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("192.0.2.1", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SeveralProblems_SaysEachOnItsOwnLineAndEndsWithTwo()
    {
        var run = await ExporterProcess.RunAsync(
            "--http-port", "99999", "--grpc-port", "x", "--bind", "0.0.0.0", "--tls-key", "k.pem", "--retention", "0d");

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Equal(
        [
            "--http-port '99999' is not a port: give 1 to 65535, or 0 for any free one.",
            "--grpc-port 'x' is not a port: give 1 to 65535, or 0 for any free one.",
            "--bind 0.0.0.0 opens the collector to the network: give --token-file too, or bind to 127.0.0.1.",
            "--tls-certificate and --tls-key belong together: give both, or neither.",
            "--retention must be more than 0.",
            HelpHint,
        ], run.ErrorLines);
    }

    [Fact]
    public async Task Start_UnknownOptionAndAWrongOne_SaysBothAndEndsWithTwo()
    {
        var run = await ExporterProcess.RunAsync("--surprise", "--http-port", "x");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(run.ErrorLines, line => line.Contains("--surprise", StringComparison.Ordinal));
        Assert.Contains(run.ErrorLines, line => line == "--http-port 'x' is not a port: give 1 to 65535, or 0 for any free one.");
        Assert.Equal(HelpHint, run.ErrorLines[^1]);
    }

    [Fact]
    public async Task Help_NamesEveryOptionAndEndsWithZero()
    {
        var (exitCode, output, _) = await ExporterProcess.RunAsync("--help");

        Assert.Equal(0, exitCode);
        string[] options = ["--http-port", "--grpc-port", "--bind", "--data", "--token-file", "--tls-certificate", "--tls-key",
            "--offline-after", "--lost-after", "--retention", "--max-runners", "--max-label-sets"];
        Assert.All(options, option => Assert.Contains(option, output, StringComparison.Ordinal));
    }
}
