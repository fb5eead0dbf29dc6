using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Listening;
using RunnerMetrics.Exporter.Secrets;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>Adds what webhooks need, and maps them, where they are served.</summary>
internal static class WebhookSetup
{
    public static void AddWebhooks(this IServiceCollection services, ExporterOptions options)
    {
        // Jobs that are asked for are read as their webhooks are.
        services.AddSingleton<RunnerLabels>();
        services.AddSingleton<WorkflowJobEvent>();
        if (!options.ServesWebhooks)
        {
            return;
        }

        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<IGitHubEvent, PingEvent>();
        services.AddSingleton<IGitHubEvent>(provider => provider.GetRequiredService<WorkflowJobEvent>());
        services.AddSingleton<IGitHubEvent>(new DeploymentEvent(DeploymentEvent.Created, options));
        services.AddSingleton<IGitHubEvent>(new DeploymentEvent(DeploymentEvent.Status, options));
        services.AddSingleton<IGitHubEvent, PushEvent>();
        services.AddSingleton<IGitHubEvent, WorkflowRunEvent>();
        services.AddSingleton<GitHubWebhook>();
        services.AddSingleton(provider => new BodyBudget(provider.GetRequiredService<EdgeLimits>().UnverifiedBytes, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<WebhookEndpoint>();
        if (options.WebhookSecretFile is { } path)
        {
            services.AddSingleton(provider => new WebhookSecrets(
                path, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<WebhookSecrets>>()));
        }
    }

    // GitHub shows the answer with the delivery.
    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("This exporter takes no webhooks: start it with --webhook-secret-file, or, to try things out on one machine, --webhooks-without-secret.\n", context.RequestAborted);
    }

    public static void MapWebhooks(this IEndpointRouteBuilder endpoints)
    {
        RequestDelegate answer = endpoints.ServiceProvider.GetService<WebhookEndpoint>() is { } endpoint ? endpoint.ServeAsync : RefuseAsync;
        endpoints.Map("/webhooks/github", answer);
    }
}
