using Microsoft.Extensions.DependencyInjection;

namespace RunnerMetrics.AppHost.Tests;

/// <summary>The AppHost's model, built and not started: nothing here needs a container runtime.</summary>
internal sealed class StackModel(DistributedApplication app) : IAsyncDisposable
{
    /// <summary>Data of its own, and no telemetry: nobody listens.</summary>
    public static readonly string[] Run = ["--KeepData=false", "--Telemetry=false"];

    public IReadOnlyList<IResource> Resources { get; } = [.. app.Services.GetRequiredService<DistributedApplicationModel>().Resources];

    public static async Task<StackModel> BuildAsync(params string[] arguments)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.RunnerMetrics_AppHost>(arguments, TestContext.Current.CancellationToken);
        return new StackModel(await builder.BuildAsync(TestContext.Current.CancellationToken));
    }

    public ContainerResource Container(string name) => Assert.Single(Resources.OfType<ContainerResource>(), resource => resource.Name == name);

    public string[] ContainerNames() => [.. Resources.OfType<ContainerResource>().Select(resource => resource.Name).Order(StringComparer.Ordinal)];

    public ValueTask DisposeAsync() => app.DisposeAsync();

    /// <summary>Every resource that another one names: waits for, belongs to, or refers to.</summary>
    public static IEnumerable<IResource> Named(IResource resource) =>
        resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource)
            .Concat(resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(relationship => relationship.Resource));

    /// <summary>The environment that a resource is given, with references to others as they stand in the model.</summary>
    public async Task<Dictionary<string, object>> EnvironmentOfAsync(IResource resource)
    {
        var context = new EnvironmentCallbackContext(
            app.Services.GetRequiredService<DistributedApplicationExecutionContext>(), resource, cancellationToken: TestContext.Current.CancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        return context.EnvironmentVariables;
    }
}
