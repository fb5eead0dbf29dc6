using RunnerMetrics.Simulator.GitHub.Rest;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.GitHub;

/// <summary>GitHub where companies have it: an Enterprise Server, behind a proxy, with certificates of an authority of their own.</summary>
public class EnterpriseServerTests
{
    private const string Host = "ghes.example";

    private static readonly Uri Nobody = new("http://127.0.0.1:9");

    [Fact]
    public async Task Check_OfAnEnterpriseServer_GoesThroughTheProxyAndTrustsTheNamedAuthority()
    {
        await using var rig = await GitHubRig.StartAsync(new FakeGitHubOptions { ServerUrl = $"https://{Host}" }, time: TimeProvider.System);
        rig.GitHub.Hook.Url = new Uri("https://exporter.example/webhooks/github");
        await using var proxy = new InspectingProxy(Host, rig.GitHub.Url);
        var authority = rig.Write("authority.pem", proxy.Authority);

        var check = await CheckAsync(rig, check => check.ExitCode == 0, ["--github-url", $"https://{Host}"], ("HTTPS_PROXY", proxy.Address.ToString()), ("SSL_CERT_FILE", authority));

        Assert.Equal((0, ""), (check.ExitCode, check.Errors));
        Assert.StartsWith($"ok      credential GitHub accepts the App Iv23liFAKEAPP0000001, for {Host}/acme\n", check.Output, StringComparison.Ordinal);
        Assert.NotEmpty(proxy.Asked);
        Assert.All(proxy.Asked, asked => Assert.Equal($"CONNECT {Host}:443", asked));
        Assert.NotEmpty(rig.GitHub.Requests);
        Assert.All(rig.GitHub.Requests, request => Assert.StartsWith("/api/v3/", request.Path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Check_BehindAnAuthorityThatIsNotTrusted_SaysHowItWouldBe()
    {
        await using var rig = await GitHubRig.StartAsync(time: TimeProvider.System);
        await using var proxy = new InspectingProxy(Host, rig.GitHub.Url);

        var check = await CheckAsync(
            rig, check => check.Output.Contains("name it in SSL_CERT_FILE", StringComparison.Ordinal), ["--github-url", $"https://{Host}"], ("HTTPS_PROXY", proxy.Address.ToString()));

        Assert.Equal(1, check.ExitCode);
        Assert.Contains($"GitHub does not answer at https://{Host}: ", check.Output, StringComparison.Ordinal);
        Assert.Empty(rig.GitHub.Requests);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("127.0.0.1", 0)]
    public async Task Check_OfAServerThatNeedsNoProxy_AsksItItself(string noProxy, int exitCode)
    {
        await using var rig = await GitHubRig.StartAsync(time: TimeProvider.System);
        rig.GitHub.Hook.Url = new Uri("https://exporter.example/webhooks/github");

        var check = await CheckAsync(rig, check => check.ExitCode == exitCode, ["--github-api-url", rig.GitHub.Url.ToString()], ("HTTP_PROXY", Nobody.ToString()), ("NO_PROXY", noProxy));

        Assert.Equal((exitCode, exitCode == 0), (check.ExitCode, rig.GitHub.Requests.Count > 0));
    }

    [Theory]
    [InlineData("https://github.com", "", 0)]
    [InlineData($"https://{Host}", "/api/v3", 1)]
    public async Task Deliveries_OfFiveDaysAgo_AreHadAgainFromAnEnterpriseServerAlone(string server, string path, int recovered)
    {
        await using var rig = await GitHubRig.StartAsync(new FakeGitHubOptions { ServerUrl = server, DeliveriesKept = TimeSpan.FromDays(7) });
        rig.GitHub.Hook.Url = new Uri(Nobody, "/webhooks/github");
        await rig.GitHub.TellAsync(rig.Job(1));
        rig.Clock.Advance(TimeSpan.FromDays(5));
        await using var exporter = await rig.StartExporterAsync(change: options => options with { GitHub = rig.AsApp() with { Server = new Uri(server), Api = new Uri(rig.GitHub.Url, path) } });
        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync("runner_metrics_github_working{feature=\"deliveries\"}") == "1", "the deliveries were looked at");
        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync("runner_metrics_github_deliveries_missing") == "0", "nothing is missing any more", 60);

        Assert.Equal($"{recovered}", await exporter.SampleAsync("runner_metrics_github_deliveries_total{outcome=\"recovered\"}"));
        Assert.Equal($"{1 - recovered}", await exporter.SampleAsync("runner_metrics_github_deliveries_total{outcome=\"given_up\"}"));
        Assert.Equal(path.Length > 0, rig.GitHub.Requests.All(request => request.Path.StartsWith("/api/v3/", StringComparison.Ordinal)));
    }

    // Of the proxies, the program knows those alone that it is given.
    // Again where the machine was too busy for the limits of a request.
    private static async Task<ProcessRun> CheckAsync(GitHubRig rig, Func<ProcessRun, bool> isDone, string[] where, params (string Name, string Value)[] variables)
    {
        ProcessRun? check = null;
        await Wait.UntilAsync(async () => isDone(check = await CheckOnceAsync(rig, where, variables)), () => $"the check says what it should, and not: {check?.Output}{check?.Errors}", TestContext.Current.CancellationToken);
        return check!;
    }

    private static Task<ProcessRun> CheckOnceAsync(GitHubRig rig, string[] where, (string Name, string Value)[] variables)
    {
        var start = Programs.Start(
            typeof(ExporterApplication).Assembly, ["github", "check", "--github-app-id", rig.GitHub.App.ClientId, "--github-app-key-file", rig.KeyFile, .. where]);
        foreach (var name in (string[])["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"])
        {
            start.Environment.Remove(name);
            start.Environment.Remove(name.ToLowerInvariant());
        }

        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return ProcessRun.RunAsync(start, TestContext.Current.CancellationToken);
    }
}
