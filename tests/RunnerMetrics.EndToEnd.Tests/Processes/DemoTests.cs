using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Processes;

/// <summary>The demo, as its own process.</summary>
public partial class DemoTests
{
    [Fact]
    public async Task Demo_ForSomeSeconds_CountsEveryJobOnceAndEndsWithZero()
    {
        var (http, grpc) = (FreePort(), FreePort());
        var run = new ProcessRun(0, "", "");

        // A busy machine gets less done in the same time.
        foreach (var duration in (string[])["12s", "60s", "240s"])
        {
            run = await RunAsync("--duration", duration, "--speed", "300", "--http-port", http, "--grpc-port", grpc);
            if (run.ExitCode != 0 || DidEverything().Count(run.Output) == 3)
            {
                break;
            }
        }

        var output = run.Output;
        Assert.True(run.ExitCode == 0, run.Said);
        Assert.Contains($"http://127.0.0.1:{http}/metrics", output, StringComparison.Ordinal);
        Assert.Contains("Every job that the runners ran is in /metrics exactly once, and so is every deployment.", output, StringComparison.Ordinal);
        Assert.Matches("Failures by reason: ([1-9][0-9]* (job|setup|runner)|none failed)", output);
        Assert.DoesNotMatch("Failures by reason: .*unknown", output);
        Assert.True(DidEverything().Count(output) == 3, output);
        Assert.DoesNotContain("was not accepted", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
        Assert.Empty(run.Errors);
    }

    [Fact]
    public async Task Demo_PortTaken_SaysWhichAndEndsWithOne()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var (exitCode, output, errors) = await RunAsync("--duration", "12s", "--http-port", port, "--grpc-port", FreePort());

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        Assert.StartsWith($"Port {port} is in use: choose another one with --http-port", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_WrongOptions_SaysEachOnItsLineAndEndsWithTwo()
    {
        var run = await RunAsync("--duration", "soon", "--speed", "0");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
            [
                "--duration 'soon' is not a duration from 1s to 30d: give one such as 30s.",
                "--speed '0' is not a number from 0.1 to 10000.",
                "Run 'RunnerMetrics.Demo --help' for the options.",
            ],
            run.ErrorLines);
    }

    private static Task<ProcessRun> RunAsync(params string[] arguments) => ProcessRun.RunAsync(
        new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "RunnerMetrics.Demo.dll"), .. arguments]) { WorkingDirectory = RepositoryFolder.Path },
        TestContext.Current.CancellationToken);

    [GeneratedRegex("GitHub's webhooks reported [1-9][0-9]* waits for a runner|Jobs reported [1-9][0-9]* cache requests, [1-9][0-9]*.?% of them hits|Deployments to production: [1-9][0-9]* succeeded")]
    private static partial Regex DidEverything();

    private static string FreePort() => Ports.Reserve().ToString(CultureInfo.InvariantCulture);
}
