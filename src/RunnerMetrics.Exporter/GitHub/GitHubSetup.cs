using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using RunnerMetrics.Exporter.Configuration;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>Adds what asks GitHub's REST API, where a credential for it is given; nothing otherwise.</summary>
internal static class GitHubSetup
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);

    public static void AddGitHub(this IServiceCollection services, ExporterOptions options)
    {
        if (!options.GitHub.IsOn)
        {
            return;
        }

        services.AddGitHubClient(options);
        services.AddSingleton<GitHubStatus>();
        var features = options.GitHub.Features;
        if (features.Contains("runners"))
        {
            services.AddSingleton<IGitHubFeature, RegisteredListing>();
        }

        if (features.Contains("versions"))
        {
            services.AddSingleton<IGitHubFeature, VersionDeadlines>();
        }

        if (options.ServesWebhooks && features.Contains("deliveries"))
        {
            services.AddSingleton<IGitHubFeature, MissedDeliveries>();
        }

        if (features.Contains("jobs") && (options.GitHub.PollJobs == GitHubJobs.On || (options.GitHub.PollJobs == GitHubJobs.Auto && !options.ServesWebhooks)))
        {
            services.AddSingleton<PolledJobs>();
            services.AddSingleton<RepositoryPolling>();
            services.AddSingleton<IGitHubFeature, JobPolling>();
        }

        services.AddHostedService<GitHubService>();
    }

    /// <summary>Adds what any question to GitHub needs.</summary>
    public static void AddGitHubClient(this IServiceCollection services, ExporterOptions options)
    {
        services.AddSingleton<GitHubMetrics>();
        services.AddSingleton<GitHubClock>();
        services.AddSingleton<GitHubTransport>();
        services.AddSingleton<GitHubClient>();
        services.AddSingleton<GitHubScopes>();
        services.AddSingleton(provider => CredentialOf(provider, options.GitHub));
        var client = services.AddHttpClient(GitHubTransport.Client, http => http.Timeout = Timeout.InfiniteTimeSpan /* each try has its own */).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.GZip, // which needs the least memory of those that GitHub knows
            AllowAutoRedirect = false, // a credential goes where it was meant to go
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
            MaxConnectionsPerServer = 8,
        });
#pragma warning disable EXTEXP0001 // The standard handler repeats what must not be repeated, a POST, and for longer than a round may take.
        client.RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        client.AddResilienceHandler(GitHubTransport.Client, pipeline =>
        {
            pipeline.TimeProvider = TimeProvider.System; // the network's time is real, whichever clock events are told by
            pipeline.AddRetry(new HttpRetryStrategyOptions { MaxRetryAttempts = 2, Delay = FirstPause, ShouldRetryAfterHeader = false, ShouldHandle = IsWorthAnotherTryAsync }).AddTimeout(options.GitHub.AnswersWithin);
        });
    }

    private static IGitHubCredential CredentialOf(IServiceProvider provider, GitHubOptions options)
    {
        var metrics = provider.GetRequiredService<GitHubMetrics>();
        var time = provider.GetRequiredService<TimeProvider>();
        if (options.TokenFile is not null)
        {
            var token = new TokenCredential(options, time, provider.GetRequiredService<ILogger<TokenCredential>>());
            metrics.AddBudget("token", token.Budget);
            return token;
        }

        var app = new AppCredential(options, provider.GetRequiredService<GitHubTransport>(), time, provider.GetRequiredService<ILogger<AppCredential>>());
        metrics.AddBudget("app", app.AppsBudget);
        metrics.AddBudget("installation", app.Budget);
        return app;
    }

    // What only asks may be asked twice.
    private static ValueTask<bool> IsWorthAnotherTryAsync(Polly.Retry.RetryPredicateArguments<HttpResponseMessage> tried) => ValueTask.FromResult(
        tried.Outcome.Result is { } answer
            ? answer.RequestMessage?.Method == HttpMethod.Get && answer.StatusCode is HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
            : tried.Outcome.Exception is HttpRequestException && tried.Context.GetRequestMessage()?.Method == HttpMethod.Get);
}
