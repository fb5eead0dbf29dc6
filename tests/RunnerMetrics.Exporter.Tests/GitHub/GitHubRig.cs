using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.GitHub;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;
using RunnerMetrics.Simulator.GitHub;
using RunnerMetrics.Simulator.GitHub.Rest;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.GitHub;

/// <summary>A simulated GitHub, and exporters and clients that ask it, under one clock that the test moves.</summary>
internal sealed class GitHubRig : IAsyncDisposable
{
    /// <summary>Where nobody takes webhooks, at an exporter's path.</summary>
    public static readonly Uri Nobody = new("http://127.0.0.1:9/webhooks/github");

    private readonly TemporaryFolder _folder = new();
    private readonly List<ServiceProvider> _providers = [];

    private GitHubRig(FakeGitHub github, ManualTimeProvider clock)
    {
        (GitHub, Clock) = (github, clock);
        WriteKey();
    }

    public FakeGitHub GitHub { get; }

    public ManualTimeProvider Clock { get; }

    public string KeyFile => _folder.File("app.pem");

    public string Data => _folder.File("data");

    /// <summary>Starts GitHub, whose clock may be ahead of everybody else's.</summary>
    public static async Task<GitHubRig> StartAsync(FakeGitHubOptions? options = null, TimeSpan ahead = default, TimeProvider? time = null)
    {
        var clock = new ManualTimeProvider();
        return new GitHubRig(await FakeGitHub.StartAsync(options, time ?? new AheadTimeProvider(clock, ahead)), clock);
    }

    /// <summary>Puts the App's key where the exporter looks for it.</summary>
    public void WriteKey() => _folder.Write("app.pem", GitHub.App.PrivateKeyPem);

    public string Write(string file, string text) => _folder.Write(file, text);

    /// <summary>As the App.</summary>
    public GitHubOptions AsApp() => new() { AppId = GitHub.App.ClientId, AppKeyFile = KeyFile, Api = GitHub.Url, AnswersWithin = Patience.Limit };

    /// <summary>With a personal access token.</summary>
    public GitHubOptions WithToken(string token = "github_pat_x") => new() { TokenFile = Write("token", token + "\n"), Api = GitHub.Url, Scopes = ["acme"], AnswersWithin = Patience.Limit };

    /// <summary>A client alone.</summary>
    public GitHubClient Client(GitHubOptions? options = null) => Provide(options).GetRequiredService<GitHubClient>();

    /// <summary>All that asks, and nothing that runs by itself.</summary>
    public ServiceProvider Provide(GitHubOptions? options = null)
    {
        var all = new ExporterOptions { GitHub = options ?? AsApp() };
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.ClearProviders());
        services.AddSingleton(all).AddSingleton<TimeProvider>(Clock).AddSingleton<MetricRegistry>();
        services.AddGitHubClient(all);
        services.AddSingleton<GitHubCheck>();
        var provider = services.BuildServiceProvider();
        _providers.Add(provider);
        return provider;
    }

    /// <summary>What such a provider's registry shows.</summary>
    public static Scraped Scrape(ServiceProvider provider) => Scraped.From(provider.GetRequiredService<MetricRegistry>(), ExpositionFormat.OpenMetrics);

    /// <summary>Starts an exporter that asks GitHub, and tells GitHub where to deliver webhooks.</summary>
    public async Task<RunningExporter> StartExporterAsync(bool takesWebhooks = true, Func<ExporterOptions, ExporterOptions>? change = null, ILoggerProvider? log = null)
    {
        var options = new ExporterOptions { WebhooksWithoutSecret = takesWebhooks, DataDirectory = Data, GitHub = AsApp() };

        // The exporter asks for its webhook as soon as it starts, and keeps to the first that it finds: with an address that is set later it would be the App's or the organisation's, depending on the moment.
        GitHub.Hook.Url ??= takesWebhooks ? Nobody : null;
        var exporter = await RunningExporter.StartAsync(change?.Invoke(options) ?? options, Clock, log);
        GitHub.Hook.Url = takesWebhooks ? new Uri(exporter.Http, "/webhooks/github") : null;
        return exporter;
    }

    /// <summary>Lets time pass, no faster than what it sets off can follow, until something is so.</summary>
    public Task PassTimeUntilAsync(Func<Task<bool>> isTrue, string what, double seconds = 10) => Wait.UntilAsync(
        async () =>
        {
            if (await isTrue())
            {
                return true;
            }

            await DeliveredAsync();
            await Clock.AdvanceAsync(TimeSpan.FromSeconds(seconds), () => false);
            return false;
        },
        what);

    /// <summary>Waits until GitHub has delivered again what it was asked to: minutes of the rig's clock are shorter than a delivery, and what takes hours is asked for again until it is given up.</summary>
    public Task DeliveredAsync() => Wait.UntilAsync(() => GitHub.Hook.UnderWay == 0, "what GitHub was asked for is delivered again");

    /// <summary>A job at one moment of the rig's clock.</summary>
    public WorkflowJobNews Job(long id, string type = "standard", string repository = "acme/shop", string name = "build") =>
        new(id, repository, "CI", name, id, 1, new string('a', 40), type, Clock.GetUtcNow());

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in _providers)
        {
            await provider.DisposeAsync();
        }

        await GitHub.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class AheadTimeProvider(TimeProvider inner, TimeSpan ahead) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + ahead;
    }
}
