using RunnerMetrics.Demo.CommandLine;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Simulator.GitHub;
using RunnerMetrics.Simulator.GitHub.Rest;
using RunnerMetrics.Simulator.Scenario;

namespace RunnerMetrics.Demo.Running;

/// <summary>The demo's GitHub: it knows the runners and their jobs, and delivers webhooks to the exporter, which asks it as an App.</summary>
internal sealed class DemoGitHub : IAsyncDisposable
{
    private readonly FakeGitHub _gitHub;

    private DemoGitHub(FakeGitHub gitHub, string keyFile)
    {
        _gitHub = gitHub;
        Access = new GitHubOptions { AppId = gitHub.App.ClientId, AppKeyFile = keyFile, Api = gitHub.Url };
    }

    /// <summary>The id under which it knows a runner of the fleet.</summary>
    public static long IdOf(LocalRunner runner) => LocalFleet.Runners.TakeWhile(other => other != runner).Count() + 1;

    /// <summary>As whom the exporter asks.</summary>
    public GitHubOptions Access { get; }

    /// <summary>Its webhook.</summary>
    public FakeHook Hook => _gitHub.Hook;

    public static async Task<DemoGitHub> StartAsync(DemoOptions options, string folder, string secret)
    {
        var gitHub = await FakeGitHub.StartAsync();
        gitHub.Hook.Url = new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", options.HttpPort, "/webhooks/github").Uri;
        gitHub.Hook.Secret = secret;
        foreach (var runner in LocalFleet.Runners)
        {
            gitHub.SetRunner(new FakeRunner(IdOf(runner), runner.Name, "self-hosted", "Linux", "X64", runner.Type));
        }

        var keyFile = Path.Combine(folder, "github-app.pem");
        await File.WriteAllTextAsync(keyFile, gitHub.App.PrivateKeyPem);
        return new DemoGitHub(gitHub, keyFile);
    }

    /// <summary>Takes note of what a job does.</summary>
    public void Note(WorkflowJobNews news) => _gitHub.Note(news);

    public ValueTask DisposeAsync() => _gitHub.DisposeAsync();
}
