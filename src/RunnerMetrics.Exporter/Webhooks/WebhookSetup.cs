using RunnerMetrics.Exporter.Configuration;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>Adds what webhooks need, and maps them, where they are served.</summary>
internal static class WebhookSetup
{
    public static void AddWebhooks(this IServiceCollection services, ExporterOptions options)
    {
        if (!options.ServesWebhooks)
        {
            return;
        }

        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<RunnerLabels>();
        services.AddSingleton<IGitHubEvent, PingEvent>();
        services.AddSingleton<IGitHubEvent, WorkflowJobEvent>();
        services.AddSingleton<IGitHubEvent>(new DeploymentEvent(DeploymentEvent.Created, options));
        services.AddSingleton<IGitHubEvent>(new DeploymentEvent(DeploymentEvent.Status, options));
        services.AddSingleton<IGitHubEvent, PushEvent>();
        services.AddSingleton<IGitHubEvent, WorkflowRunEvent>();
        services.AddSingleton<GitHubWebhook>();
        services.AddSingleton<WebhookEndpoint>();
        if (options.WebhookSecretFile is { } path)
        {
            services.AddSingleton(provider => new WebhookSecrets(
                path, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<WebhookSecrets>>()));
        }
    }

    public static void MapWebhooks(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<WebhookEndpoint>() is { } endpoint)
        {
            endpoints.Map("/webhooks/github", endpoint.ServeAsync);
        }
    }
}
