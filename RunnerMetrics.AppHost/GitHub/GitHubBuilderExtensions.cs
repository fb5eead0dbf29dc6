using RunnerMetrics.AppHost.Exporter;
using RunnerMetrics.AppHost.Stack;
using RunnerMetrics.Simulator.GitHub.Rest;

namespace RunnerMetrics.AppHost.GitHub;

/// <summary>Adds the simulated GitHub: simulated runners register there, it delivers the webhooks of their jobs, and the exporter asks its API.</summary>
internal static class GitHubBuilderExtensions
{
    private const string Endpoint = "http";

    /// <summary>Adds it as a project, and has an exporter ask it.</summary>
    public static IResourceBuilder<ProjectResource> AddGitHubProject(this StackContext stack, string name, IResourceBuilder<ProjectResource> exporter)
    {
        var keyFile = stack.Folder["github-app.pem"];
        var secrets = exporter.Resource.Annotations.OfType<ExporterSecrets>().Single();
        var secretFile = stack.AddSecretFile(secrets.WebhookSecret);
        var github = stack.AddOwnProject<Projects.RunnerMetrics_Simulator>(name).WithHttpEndpoint(name: Endpoint);
        var own = github.GetEndpoint(Endpoint);
        github
            .WithArgs("github", "--key-file", keyFile, "--runners", "0", "--webhook-secret-file", secretFile, "--port", own.Property(EndpointProperty.TargetPort))
            .WithArgs("--webhook-url", ReferenceExpression.Create($"{exporter.GetEndpoint(ExporterEndpoints.Http)}/webhooks/github"))
            .WithHttpHealthCheck("/", endpointName: Endpoint)
            .WithUrlForEndpoint(Endpoint, url => url.DisplayLocation = UrlDisplayLocation.DetailsOnly)
            .WithParentRelationship(exporter)
            .WithIconName("BranchFork");
        exporter
            .WithEnvironment("RUNNER_METRICS_GITHUB_APP_ID", FakeApp.UsualClientId)
            .WithEnvironment("RUNNER_METRICS_GITHUB_APP_KEY_FILE", keyFile)
            .WithEnvironment("RUNNER_METRICS_GITHUB_API_URL", own)
            .WaitFor(github); // it reads the App's key as it starts
        return github;
    }

    /// <summary>Registers a simulated runner there.</summary>
    public static IResourceBuilder<ProjectResource> RegisteredAt(this IResourceBuilder<ProjectResource> runner, IResourceBuilder<ProjectResource> github) =>
        runner.WithEnvironment("RUNNER_METRICS_SIMULATED_GITHUB", github.GetEndpoint(Endpoint));
}
