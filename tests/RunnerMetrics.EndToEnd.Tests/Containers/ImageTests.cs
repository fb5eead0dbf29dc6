using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Containers;

/// <summary>What each image holds and does by itself.</summary>
[Trait("Category", "Docker")]
public sealed class ImageTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("standard", "true")]
    [InlineData("chrome", "chromedriver --version && chrome --headless --no-sandbox --disable-gpu --dump-dom 'data:text/html,<p>seen</p>' | grep seen")]
    [InlineData("chrome-go", "chromedriver --version && chrome --version && go version")]
    public async Task Image_OfAType_RunsItsProgramsAndServesMetricsByItself(string type, string programs)
    {
        await Docker.SkipWhereNotWantedAsync(Cancelled);
        var image = $"runner-metrics-test/runner-{type}";
        Assert.Equal("1001", (await Docker.RunAsync(Cancelled, "run", "--rm", "--entrypoint", "sh", image, "-c", $"({programs}) >&2 && id -u")).Split('\n')[0]);

        var name = $"runner-metrics-test-{Guid.NewGuid():N}";
        await Docker.RunAsync(Cancelled, "run", "--detach", "--name", name, "--env", "RUNNER_MODE=simulated", "--env", "RUNNER_NAME=alone", "--env", "RUNNER_METRICS_SPEED=100", "--publish", "127.0.0.1:0:9091", image);
        try
        {
            var address = await Docker.AddressAsync(name, 9091, Cancelled);
            await Scraped.UntilAsync(
                address, scrape => scrape[$"github_runner_status{{runner_name=\"alone\",runner_type=\"{type}\",runner_scope=\"github.com/acme\"}}"] == 1 && scrape.Sum("github_runner_jobs_total") >= 1, Cancelled);
            await Docker.UntilHealthyAsync(name, Cancelled);
            await Docker.RunAsync(Cancelled, "stop", "--time", "120", name);
            Assert.Equal("0", await Docker.RunAsync(Cancelled, "inspect", "--format", "{{.State.ExitCode}}", name));
        }
        finally
        {
            await ProcessRun.RunAsync("docker", ["rm", "--force", "--volumes", name], CancellationToken.None);
        }
    }

    // As a pod uses it: one container puts the hooks where the runner finds them, the other is the agent.
    [Fact]
    public async Task AgentImage_Alone_HasTheAgentAndItsHooksAndNoRunner()
    {
        await Docker.SkipWhereNotWantedAsync(Cancelled);
        using var folder = new TemporaryFolder();
        await ProcessRun.RunAsync("chmod", ["1777", folder.Path], Cancelled);
        string[] confined = ["run", "--rm", "--read-only", "--cap-drop", "ALL", "--volume", $"{folder.Path}:/hook-scripts"];
        Assert.Matches(@"^\d+\.\d+\.\d+", await Docker.RunAsync(Cancelled, [.. confined, Docker.Agent, "--version"]));
        await Docker.RunAsync(Cancelled, [.. confined, "--entrypoint", "cp", Docker.Agent, "-r", "/opt/runner-metrics/hooks/.", "/hook-scripts/"]);
        Assert.Equal(["job-completed.ps1", "job-completed.sh", "job-started.ps1", "job-started.sh"], Directory.EnumerateFiles(folder.Path).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        var files = await Docker.RunAsync(Cancelled, "create", "--name", $"runner-metrics-test-{Guid.NewGuid():N}", Docker.Agent);
        try
        {
            var listing = await ProcessRun.RunAsync("bash", ["-c", $"docker export {files} | tar -t | grep -c runner-metrics-simulator"], Cancelled);
            Assert.Equal("0", listing.Output.Trim());
        }
        finally
        {
            await ProcessRun.RunAsync("docker", ["rm", "--force", "--volumes", files], CancellationToken.None);
        }
    }

    [Fact]
    public async Task Stop_CollectorAway_EndsWithinTheLimitAndSaysWhatWaits()
    {
        await Docker.SkipWhereNotWantedAsync(Cancelled);
        var name = $"runner-metrics-test-{Guid.NewGuid():N}";
        await Docker.RunAsync(
            Cancelled, "run", "--detach", "--name", name, "--env", "RUNNER_MODE=simulated", "--env", "RUNNER_NAME=alone", "--env", "RUNNER_METRICS_SPEED=1000",
            "--env", "RUNNER_METRICS_FLUSH=2", "--env", "RUNNER_METRICS_COLLECTOR=http://127.0.0.1:1", Docker.Runner);
        try
        {
            await Wait.UntilAsync(async () => (await Docker.RunAsync(Cancelled, "logs", name)).Contains(" success in ", StringComparison.Ordinal), () => "No job succeeds.", Cancelled);
            await Docker.RunAsync(Cancelled, "stop", "--time", "120", name);
            Assert.Equal("0", await Docker.RunAsync(Cancelled, "inspect", "--format", "{{.State.ExitCode}}", name));
            Assert.Contains("The last events were not delivered; they wait in /var/lib/runner-metrics/spool.", await Docker.RunAsync(Cancelled, "logs", name), StringComparison.Ordinal);
        }
        finally
        {
            await ProcessRun.RunAsync("docker", ["rm", "--force", "--volumes", name], CancellationToken.None);
        }
    }

    [Fact]
    public async Task Image_GithubModeWithoutAUrl_EndsAndSaysWhatToGive()
    {
        await Docker.SkipWhereNotWantedAsync(Cancelled);
        var run = await ProcessRun.RunAsync("docker", ["run", "--rm", Docker.Runner], Cancelled);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("RUNNER_URL is missing", run.Said, StringComparison.Ordinal);
    }
}
