using System.Diagnostics;
using RunnerMetrics.Agent;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Containers;

/// <summary>deploy/rollback.sh on deploy/compose/exporter.yml, with a real engine: what was counted is there after it, and a backup that is put back is what it was.</summary>
[Trait("Category", "Docker")]
public sealed class RollbackTests : IAsyncDisposable
{
    private const string Before = "runner-metrics-test/exporter:before";

    private readonly string _project = $"runner-metrics-test-{Guid.NewGuid():N}"[..28];
    private readonly TemporaryFolder _folder = new();
    private readonly string _token = Guid.NewGuid().ToString("N");
    private readonly Dictionary<string, string> _environment = [];
    private readonly int _http = Ports.Reserve();
    private readonly int _grpc = Ports.Reserve();

    private static string ComposeFile => Path.Combine(RepositoryFolder.Path, "deploy", "compose", "exporter.yml");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Uri Http => new($"http://127.0.0.1:{_http}");

    [Fact]
    public async Task Rollback_OnCompose_KeepsWhatWasCountedAndRestoresABackup()
    {
        await Docker.SkipWhereNotWantedAsync(Cancelled);
        Programs.SkipUnlessPublished();
        await Docker.RunAsync(Cancelled, "tag", Docker.Exporter, Before);
        await File.WriteAllTextAsync(_folder.File("tokens"), _token + "\n", Cancelled);
        await ProcessRun.RunAsync("chmod", ["-R", "a+rX", _folder.Path], Cancelled);
        _environment["RUNNER_METRICS_EXPORTER_IMAGE"] = Docker.Exporter;
        _environment["RUNNER_METRICS_TOKENS"] = _folder.File("tokens");
        _environment["RUNNER_METRICS_HTTP_ADDRESS"] = $"127.0.0.1:{_http}";
        _environment["RUNNER_METRICS_GRPC_ADDRESS"] = $"127.0.0.1:{_grpc}";
        _environment["RUNNER_METRICS_VOLUME"] = $"{_project}-data";
        await RunAsync("docker-compose", "--project-name", _project, "--file", ComposeFile, "up", "--detach");
        await Wait.UntilAsync(async () => await DeploymentsAsync() is not null, "the exporter serves");
        await ReportAsync("first");

        var said = await RollBackAsync(Before);

        Assert.Contains($"the exporter runs as {Before}", said, StringComparison.Ordinal);
        var backup = Assert.Single(Directory.EnumerateFiles(_folder.File("backups"), "store-*.db"));
        var container = (await RunAsync("docker-compose", "--project-name", _project, "--file", ComposeFile, "ps", "--quiet", "exporter")).Trim().Split('\n')[^1];
        Assert.Equal(Before, await Docker.RunAsync(Cancelled, "inspect", "--format", "{{.Config.Image}}", container));
        Assert.Equal(1, await DeploymentsAsync());

        await ReportAsync("second");
        Assert.Equal(2, await DeploymentsAsync());
        await RollBackAsync(Before, "--restore", backup);
        Assert.Equal(1, await DeploymentsAsync());
        await ReportAsync("third");
        Assert.Equal(2, await DeploymentsAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_environment.Count > 0)
        {
            await RunAsync("docker-compose", "--project-name", _project, "--file", ComposeFile, "down", "--volumes", "--timeout", "10");
        }

        // Backups are the exporter's user's.
        await ProcessRun.RunAsync("rm", ["-rf", _folder.File("backups")], CancellationToken.None);
        _folder.Dispose();
    }

    private Task<string> RollBackAsync(string image, params string[] more) => RunAsync(
        Path.Combine(RepositoryFolder.Path, "deploy", "rollback.sh"), ["compose", image, "--project", _project, "--file", ComposeFile, "--backups", _folder.File("backups"), .. more]);

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments);
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        var run = await ProcessRun.RunAsync(start, CancellationToken.None);
        Assert.True(run.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Said}");
        return run.Said;
    }

    private async Task ReportAsync(string id)
    {
        var start = Programs.Start(
            typeof(AgentApplication).Assembly,
            "deployment", "report", "--state", "success", "--id", id, "--repository", "acme/shop", "--server-url", "https://github.com", "--sha", new string('a', 40),
            "--collector", $"http://127.0.0.1:{_grpc}", "--token-file", _folder.File("tokens"));
        var run = await ProcessRun.RunAsync(start, Cancelled);
        Assert.True(run.ExitCode == 0, run.Said);
    }

    private async Task<double?> DeploymentsAsync()
    {
        try
        {
            return (await Scraped.ReadAsync(Http, Cancelled)).Sum("github_deployments_total");
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
