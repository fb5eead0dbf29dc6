using Microsoft.Extensions.DependencyInjection;
using RunnerMetrics.AppHost.Preflight;
using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Tests.Model;

/// <summary>The AppHost's model, built and not started: nothing here needs a container engine, or any program.</summary>
internal sealed class StackModel(DistributedApplication app) : IAsyncDisposable
{
    /// <summary>A machine with every program.</summary>
    public static readonly LocalMachine Programs = new()
    {
        Kind = StackKind.Processes,
        Programs = new Dictionary<string, string> { ["prometheus"] = "/usr/bin/prometheus", ["alertmanager"] = "/usr/bin/alertmanager", ["node-exporter"] = "/usr/bin/node_exporter" },
    };

    public IServiceProvider Services => app.Services;

    public IReadOnlyList<IResource> Resources { get; } = [.. app.Services.GetRequiredService<DistributedApplicationModel>().Resources];

    public static StackModel Containers(params string[] arguments) => Build(LocalMachine.WithEverything, arguments);

    public static StackModel Build(LocalMachine machine, params string[] arguments)
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = DashboardKeys.AddTo(arguments), AssemblyName = "RunnerMetrics.AppHost", DisableDashboard = true });
        builder.AddRunnerMetrics(StackSettings.Read(builder.Configuration), machine);
        return new StackModel(builder.Build());
    }

    public Task RunAsync(CancellationToken cancelled) => app.RunAsync(cancelled);

    public IResource this[string name] => Assert.Single(Resources, resource => resource.Name == name);

    public ContainerResource Container(string name) => Assert.IsType<ContainerResource>(this[name], exactMatch: false);

    public string[] NamesOf<T>() => [.. Resources.OfType<T>().Cast<IResource>().Where(resource => !IsHidden(resource)).Select(resource => resource.Name).Order(StringComparer.Ordinal)];

    public ValueTask DisposeAsync() => app.DisposeAsync();

    /// <summary>Every resource that another one names: waits for, belongs to, or refers to.</summary>
    public static IEnumerable<IResource> Named(IResource resource) =>
        resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource)
            .Concat(resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(relationship => relationship.Resource));

    public static string[] WaitsOf(IResource resource) =>
        [.. resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name).Distinct().Order(StringComparer.Ordinal)];

    public static string? ParentOf(IResource resource) =>
        resource.Annotations.OfType<ResourceRelationshipAnnotation>().SingleOrDefault(relationship => relationship.Type == "Parent")?.Resource.Name;

    public static string[] CommandsOf(IResource resource) => [.. resource.Annotations.OfType<ResourceCommandAnnotation>().Select(command => command.Name)];

    public static EndpointAnnotation EndpointOf(IResource resource, string name) => Assert.Single(resource.Annotations.OfType<EndpointAnnotation>(), endpoint => endpoint.Name == name);

    /// <summary>The environment that a resource is given, with references to others as they are in the model.</summary>
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

    /// <summary>The arguments that a resource is given, with references to others as they are in the model.</summary>
    public async Task<List<object>> ArgumentsOfAsync(IResource resource)
    {
        var context = new CommandLineArgsCallbackContext([], resource, TestContext.Current.CancellationToken)
        {
            ExecutionContext = app.Services.GetRequiredService<DistributedApplicationExecutionContext>(),
        };
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        return [.. context.Args];
    }

    // Aspire has a resource beside each project that builds it again.
    private static bool IsHidden(IResource resource) => resource.Name.EndsWith("-rebuilder", StringComparison.Ordinal);
}
