using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Forgetting;

/// <summary><c>runner-metrics-exporter forget</c>, as its own process beside the exporter's.</summary>
public sealed class ForgetCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Forget_RunnerThatIsGone_IsGoneAfterACrashToo()
    {
        var tokens = Path.Combine(_folder.Path, "tokens");
        await File.WriteAllTextAsync(tokens, "# for tests\na-token-0123456789\n", RunningExporter.Cancelled);
        string[] arguments = ["--http-port", "0", "--grpc-port", "0", "--data", Path.Combine(_folder.Path, "data"), "--token-file", tokens];
        await using (var exporter = ExporterProcess.Start(arguments))
        {
            var (http, grpc) = await exporter.ReadyAsync();
            using var channel = CollectorCalls.Open(grpc);
            await channel.ReportAsync(AgentEvents.Batch(AgentEvents.Now, AgentEvents.Heartbeat("h1"), AgentEvents.Heartbeat("h2", runner: AgentEvents.Runner("r2")), AgentEvents.Completed("c", "j"), AgentEvents.Stopped("s")), "a-token-0123456789");

            var refused = await ForgetAsync(http, "r2", "--token-file", tokens);
            Assert.Equal(1, refused.ExitCode);
            Assert.Equal("r2 (type standard, scope github.com/acme) is online (idle), and is not forgotten. Stop it and its agent first.", Assert.Single(refused.ErrorLines));

            var unauthorized = await ForgetAsync(http, "r1");
            Assert.Equal(1, unauthorized.ExitCode);
            Assert.Contains("--token-file", Assert.Single(unauthorized.ErrorLines), StringComparison.Ordinal);

            var (exitCode, output, errors) = await ForgetAsync(http, "r1", "--type", "standard", "--scope", "github.com/acme", "--token-file", tokens);
            Assert.True(exitCode == 0, errors);
            Assert.Equal("Forgot r1 (type standard, scope github.com/acme): its own series are removed. If it reports again, it counts from 0.", output.Trim());
            Assert.DoesNotContain("\"r1\"", await ScrapeAsync(http), StringComparison.Ordinal);
            await exporter.KillAsync();
        }

        await using var again = ExporterProcess.Start(arguments);
        var scrape = await ScrapeAsync((await again.ReadyAsync()).Http);
        Assert.DoesNotContain("\"r1\"", scrape, StringComparison.Ordinal);
        Assert.Contains("\"r2\"", scrape, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forget_NoExporterThere_SaysWhereItAskedAndEndsWithOne()
    {
        var run = await ExporterProcess.RunAsync("forget", "r1", "--http-port", "1");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("No exporter answers at http://127.0.0.1:1/: ", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("forget")]
    [InlineData("forget", "r1", "r2")]
    [InlineData("forget", "r1", "--http-port", "0")]
    [InlineData("forget", "r1", "--http-port", "many")]
    [InlineData("forget", "r1", "--token-file", "/nowhere/tokens")]
    [InlineData("forget", "r1", "--data", "/data")]
    public async Task Forget_WrongUsage_EndsWithTwo(params string[] arguments)
    {
        var run = await ExporterProcess.RunAsync(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.Equal("Run 'runner-metrics-exporter forget --help' for the options.", run.ErrorLines[^1]);
        Assert.True(run.ErrorLines.Length > 1, "It does not say what is wrong.");
    }

    private static Task<ProcessRun> ForgetAsync(Uri http, params string[] arguments) =>
        ExporterProcess.RunAsync(["forget", .. arguments, "--http-port", $"{http.Port}"]);

    private static async Task<string> ScrapeAsync(Uri http)
    {
        using var client = new PatientHttpClient();
        return await client.GetStringAsync(new Uri(http, "/metrics"), RunningExporter.Cancelled);
    }
}
