using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RunnerMetrics.AppHost.Exporter;
using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Runners;

/// <summary>Adds runners.</summary>
internal static class RunnerBuilderExtensions
{
    /// <summary>Adds the parameters of real runners, where the configuration has both of them (<c>Parameters:github-url</c>, <c>Parameters:github-token</c>); null: runners are simulated.</summary>
    public static GitHubRegistration? AddGitHubRegistration(this IDistributedApplicationBuilder builder)
    {
        return Has("github-url") && Has("github-token")
            ? new(builder.AddParameter("github-url").Resource, builder.AddParameter("github-token", secret: true).Resource)
            : null;

        // An environment variable cannot have the dash: Parameters__github_url.
        bool Has(string name) =>
            !string.IsNullOrEmpty(builder.Configuration[$"Parameters:{name}"]) || !string.IsNullOrEmpty(builder.Configuration[$"Parameters:{name.Replace('-', '_')}"]);
    }

    /// <summary>Adds a runner that reports to an exporter.</summary>
    /// <param name="builder">The stack.</param>
    /// <param name="name">Its name, here and in the metrics.</param>
    /// <param name="type">standard, chrome or chrome-go.</param>
    /// <param name="exporter">The exporter.</param>
    /// <param name="github">Where to register it; null: it is simulated.</param>
    public static IResourceBuilder<RunnerResource> AddRunner(
        this IDistributedApplicationBuilder builder, string name, string type, IResourceBuilder<ExporterResource> exporter, GitHubRegistration? github)
    {
        var resource = new RunnerResource(name, type);
        var runner = builder.AddResource(resource)
            .WithImage($"runner-metrics/runner-{type}")
            .WithDockerfile("..", resource.Dockerfile)
            .WithEnvironment("RUNNER_NAME", name)
            .WithEnvironment("RUNNER_TYPE", type)
            .WithEnvironment("RUNNER_METRICS_COLLECTOR", exporter.GetEndpoint(ExporterResource.Grpc))
            .WithSecretFile("tokens", Required(exporter.Resource.AgentToken), RunnerResource.UserId)
            .WithEnvironment("RUNNER_METRICS_TOKEN_FILE", "/run/secrets/tokens")
            .WithHealthCheck(builder.AddOnlineCheck(name, exporter.Resource))
            .WithParentRelationship(exporter)
            .WithIconName("PlayCircle")
            .WaitFor(exporter);
        return github is null ? runner.Simulate(exporter) : runner.Register(github);
    }

    private static IResourceBuilder<RunnerResource> Simulate(this IResourceBuilder<RunnerResource> runner, IResourceBuilder<ExporterResource> exporter)
    {
        var builder = runner.ApplicationBuilder;
        return runner
            .WithEnvironment("RUNNER_MODE", "simulated")
            .WithEnvironment("RUNNER_METRICS_SPEED", builder.Configuration.GetValue("Speed", "20"))
            // Another one at each start: the same seed brings the same runs, and the exporter, which remembers, knows them already.
            .WithEnvironment("RUNNER_METRICS_SEED", RandomNumberGenerator.GetInt32(int.MaxValue).ToString(CultureInfo.InvariantCulture))
            .WithEnvironment("RUNNER_METRICS_WEBHOOK_URL", ReferenceExpression.Create($"{exporter.GetEndpoint(ExporterResource.Http)}/webhooks/github"))
            .WithSecretFile("webhook-secrets", Required(exporter.Resource.WebhookSecret), RunnerResource.UserId)
            .WithEnvironment("RUNNER_METRICS_WEBHOOK_SECRET_FILE", "/run/secrets/webhook-secrets")
            .WithEnvironment("RUNNER_METRICS_AGENT", "/opt/runner-metrics/bin/runner-metrics-agent")
            .WithTelemetry()
            // Of this process: a stack that runs beside a test keeps its own.
            .WithOrders(new OrderFolder(Path.Combine(
                builder.AppHostDirectory, "obj", "orders", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), runner.Resource.Name)));
    }

    // Without telemetry: a runner hands its environment to the jobs that it runs.
    private static IResourceBuilder<RunnerResource> Register(this IResourceBuilder<RunnerResource> runner, GitHubRegistration github) => runner
        .WithEnvironment("RUNNER_MODE", "github")
        .WithEnvironment("RUNNER_URL", ReferenceExpression.Create($"{github.Url}"))
        .WithEnvironment("RUNNER_LABELS", runner.Resource.Type)
        .WithSecretFile("runner-token", github.Token, RunnerResource.UserId)
        .WithEnvironment("RUNNER_TOKEN_FILE", "/run/secrets/runner-token")
        // It takes about 14 s to end its job, and the last events may take 15.
        .WithContainerRuntimeArgs("--stop-timeout=60");

    /// <summary>A runner is healthy where the exporter says that it is online: its agent has no port to ask.</summary>
    private static string AddOnlineCheck(this IDistributedApplicationBuilder builder, string runner, ExporterResource exporter)
    {
        var key = $"{runner}-online";
        builder.Services.AddHealthChecks().AddAsyncCheck(key, async cancelled =>
        {
            var endpoint = new EndpointReference(exporter, ExporterResource.Http);
            if (!endpoint.IsAllocated)
            {
                return HealthCheckResult.Unhealthy("The exporter has no address yet.");
            }

            using var client = new HttpClient();
            try
            {
                return RunnerState.IsOnline(await client.GetStringAsync(new Uri($"{endpoint.Url}/metrics"), cancelled), runner)
                    ? HealthCheckResult.Healthy()
                    : HealthCheckResult.Unhealthy("The exporter does not hear it.");
            }
            catch (HttpRequestException e)
            {
                return HealthCheckResult.Unhealthy($"The exporter does not answer: {e.Message}");
            }
        });
        return key;
    }

    private static ParameterResource Required(ParameterResource? secret) =>
        secret ?? throw new InvalidOperationException("Runners report to an exporter that runs here: what is published has none.");
}
