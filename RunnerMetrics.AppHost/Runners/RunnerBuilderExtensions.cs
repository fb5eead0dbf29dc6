using System.Globalization;
using System.Security.Cryptography;
using RunnerMetrics.AppHost.Exporter;
using RunnerMetrics.AppHost.GitHub;
using RunnerMetrics.AppHost.Stack;
using RunnerMetrics.Simulator.Scenario;

namespace RunnerMetrics.AppHost.Runners;

/// <summary>Adds runners.</summary>
internal static class RunnerBuilderExtensions
{
    /// <summary>The user of ghcr.io/actions/actions-runner.</summary>
    private const int ContainerUser = 1001;

    /// <summary>Adds the parameters of real runners, where the configuration has them; null: runners are simulated.</summary>
    public static GitHubRegistration? AddGitHubRegistration(this StackContext stack) => stack.Settings.HasGitHub
        ? new(stack.Builder.AddParameter("github-url").Resource, stack.Builder.AddParameter("github-token", secret: true).Resource)
        : null;

    /// <summary>Adds a runner with its agent in a container of src/runner-images.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="runner">The runner.</param>
    /// <param name="exporter">What its agent reports to.</param>
    /// <param name="github">Where to register it; null: it is simulated.</param>
    public static void AddRunnerContainer(this StackContext stack, LocalRunner runner, IResourceBuilder<ContainerResource> exporter, GitHubRegistration? github)
    {
        var container = stack.Builder.AddResource(new ContainerResource(runner.Name))
            .WithOwnImage(stack, ImageOf(runner))
            .WithEnvironment("RUNNER_NAME", runner.Name)
            .WithEnvironment("RUNNER_TYPE", runner.Type)
            .WithEnvironment("RUNNER_METRICS_COLLECTOR", exporter.GetEndpoint(ExporterEndpoints.Grpc))
            .WithSecretFile("tokens", SecretsOf(exporter).AgentToken, ContainerUser)
            .WithEnvironment("RUNNER_METRICS_TOKEN_FILE", "/run/secrets/tokens")
            .WithContainerRuntimeArgs("--cap-drop=ALL", "--security-opt=no-new-privileges:true")
            .WithKillCommand()
            .AsRunner(runner, exporter);
        if (github is not null)
        {
            container.Register(runner, github);
            return;
        }

        container
            .WithEnvironment("RUNNER_MODE", "simulated")
            .AsSimulated(stack)
            .WithEnvironment("RUNNER_METRICS_WEBHOOK_URL", ReferenceExpression.Create($"{exporter.GetEndpoint(ExporterEndpoints.Http)}/webhooks/github"))
            .WithEnvironment("RUNNER_METRICS_AGENT", "/opt/runner-metrics/bin/runner-metrics-agent")
            .WithSecretFile("webhook-secrets", SecretsOf(exporter).WebhookSecret, ContainerUser)
            .WithEnvironment("RUNNER_METRICS_WEBHOOK_SECRET_FILE", "/run/secrets/webhook-secrets")
            .WithTelemetry(stack);
        var orders = stack.AddOrders(runner);
        container.WithBindMount(orders.Path, OrderFolder.Target).WithEnvironment("RUNNER_METRICS_ORDERS", OrderFolder.Target).WithOrders(orders);
    }

    /// <summary>Adds a simulated runner and the agent beside it, each as a project.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="runner">The runner.</param>
    /// <param name="exporter">What its agent reports to.</param>
    /// <param name="github">Where it is registered.</param>
    public static void AddRunnerProjects(this StackContext stack, LocalRunner runner, IResourceBuilder<ProjectResource> exporter, IResourceBuilder<ProjectResource> github)
    {
        var secrets = SecretsOf(exporter);
        var orders = stack.AddOrders(runner);
        var simulator = Beside(stack.AddOwnProject<Projects.RunnerMetrics_Simulator>(runner.Name))
            .AsSimulated(stack)
            .RegisteredAt(github)
            .WithEnvironment("RUNNER_METRICS_AGENT", Repository.ProgramOf("RunnerMetrics.Agent", "runner-metrics-agent"))
            .WithEnvironment("RUNNER_METRICS_ORDERS", orders.Path)
            .WithOrders(orders)
            .AsRunner(runner, exporter);
        var agent = Beside(stack.AddOwnProject<Projects.RunnerMetrics_Agent>($"{runner.Name}-agent"))
            .WithArgs("run")
            .WithEnvironment("RUNNER_METRICS_SPOOL", stack.Folder[runner.Name, "spool"])
            .WithParentRelationship(simulator)
            .WithIconName("PersonVoice")
            .WaitFor(exporter);

        // A runner and its agent are killed together, as with their machine.
        simulator.WithKillCommand(agent.Resource);

        IResourceBuilder<ProjectResource> Beside(IResourceBuilder<ProjectResource> project) => project
            .WithEnvironment("RUNNER_NAME", runner.Name)
            .WithEnvironment("RUNNER_TYPE", runner.Type)
            .WithEnvironment("RUNNER_METRICS_DIAG", stack.Folder[runner.Name, "_diag"])
            .WithEnvironment("RUNNER_METRICS_HOOKS", stack.Folder[runner.Name, "hooks"])
            .WithEnvironment("RUNNER_METRICS_COLLECTOR", exporter.GetEndpoint(ExporterEndpoints.Grpc))
            .WithEnvironment("RUNNER_METRICS_TOKEN_FILE", stack.AddSecretFile(secrets.AgentToken));
    }

    private static IResourceBuilder<T> AsRunner<T, TExporter>(this IResourceBuilder<T> resource, LocalRunner runner, IResourceBuilder<TExporter> exporter)
        where T : IResourceWithWaitSupport
        where TExporter : IResourceWithEndpoints => resource
        .WithHealthCheck(resource.ApplicationBuilder.AddOnlineCheck(runner.Name, exporter.GetEndpoint(ExporterEndpoints.Http)))
        .WithParentRelationship(exporter.Resource)
        .WithIconName("PlayCircle")
        .WaitFor(exporter.ApplicationBuilder.CreateResourceBuilder((IResource)exporter.Resource));

    private static IResourceBuilder<T> AsSimulated<T>(this IResourceBuilder<T> runner, StackContext stack)
        where T : IResourceWithEnvironment => runner
        .WithEnvironment("RUNNER_METRICS_SPEED", stack.Settings.Speed.ToString(CultureInfo.InvariantCulture))
        // Another one at each start: the same seed brings the same runs, and the exporter, which remembers, knows them already.
        .WithEnvironment("RUNNER_METRICS_SEED", RandomNumberGenerator.GetInt32(int.MaxValue).ToString(CultureInfo.InvariantCulture));

    // Without telemetry: a runner hands its environment to the jobs that it runs.
    private static void Register(this IResourceBuilder<ContainerResource> container, LocalRunner runner, GitHubRegistration github) => container
        .WithEnvironment("RUNNER_MODE", "github")
        .WithEnvironment("RUNNER_URL", ReferenceExpression.Create($"{github.Url}"))
        .WithEnvironment("RUNNER_LABELS", runner.Type)
        .WithSecretFile("runner-token", github.Token, ContainerUser)
        .WithEnvironment("RUNNER_TOKEN_FILE", "/run/secrets/runner-token")
        // It takes about 14 s to end its job, and the last events may take 15.
        .WithContainerRuntimeArgs("--stop-timeout=60");

    private static OrderFolder AddOrders(this StackContext stack, LocalRunner runner)
    {
        var orders = new OrderFolder(stack.Folder["orders", runner.Name]);
        stack.Builder.OnBeforeStart((_, _) =>
        {
            stack.Folder.Create();
            orders.Create();
            return Task.CompletedTask;
        });
        return orders;
    }

    private static ExporterSecrets SecretsOf<T>(IResourceBuilder<T> exporter)
        where T : IResource => exporter.Resource.Annotations.OfType<ExporterSecrets>().Single();

    private static string ImageOf(LocalRunner runner) => runner.Type switch
    {
        "standard" => "RunnerStandard",
        "chrome" => "RunnerChrome",
        "chrome-go" => "RunnerChromeGo",
        _ => throw new InvalidOperationException($"There is no image for runners of type {runner.Type}: add one to {nameof(StackImages)}."),
    };
}
