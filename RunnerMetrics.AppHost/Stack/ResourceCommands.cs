using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using RunnerMetrics.AppHost.Preflight;

namespace RunnerMetrics.AppHost.Stack;

/// <summary>Commands on the dashboard that several parts of the stack have.</summary>
internal static class ResourceCommands
{
    /// <summary>Enables a command while its resource runs.</summary>
    public static ResourceCommandState WhileRunning(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;

    /// <summary>Adds a command that kills a resource as a power failure would, so that one can see what is lost: nothing.</summary>
    /// <param name="resource">A project or a container.</param>
    /// <param name="others">What dies with it.</param>
    public static IResourceBuilder<T> WithKillCommand<T>(this IResourceBuilder<T> resource, params IResource[] others)
        where T : IResource => resource.WithCommand(
            "kill",
            "Kill (SIGKILL)",
            context => KillAsync([resource.Resource, .. others], context),
            commandOptions: new CommandOptions
            {
                Description = "Kills it with all processes that it started, as kill -9 or a power failure would.",
                ConfirmationMessage = "Kill it? Start restarts it.",
                IconName = "Flash",
                UpdateState = WhileRunning,
            });

    /// <summary>The id of a container that runs.</summary>
    public static string ContainerOf(ResourceEvent resource) => PropertyOf(resource, "container.id");

    private static async Task<ExecuteCommandResult> KillAsync(IResource[] resources, ExecuteCommandContext context)
    {
        var notifications = context.Services.GetRequiredService<ResourceNotificationService>();
        var did = new List<string>();
        foreach (var resource in resources)
        {
            if (!notifications.TryGetCurrentState(resource.Name, out var current) || current.Snapshot.State?.Text != KnownResourceStates.Running)
            {
                continue;
            }

            if (resource is ContainerResource)
            {
                var id = ContainerOf(current);
                var (exitCode, said) = await ContainerEngine.AskAsync(["kill", "--signal", "KILL", id], context.CancellationToken, ContainerEngine.TimeToAct);
                if (exitCode != 0)
                {
                    return CommandResults.Failure($"{resource.Name} was not killed: {said}");
                }

                did.Add($"{resource.Name} (container {id[..Math.Min(12, id.Length)]})");
            }
            else
            {
                // The process that Aspire knows is the 'dotnet run' above the program.
                using var process = Process.GetProcessById(int.Parse(PropertyOf(current, "executable.pid"), CultureInfo.InvariantCulture));
                process.Kill(entireProcessTree: true);
                did.Add($"{resource.Name} (process {process.Id})");
            }
        }

        return did.Count == 0 ? CommandResults.Failure("None of its processes is running.") : CommandResults.Success($"Killed {string.Join(" and ", did)}. Start restarts it.");
    }

    private static string PropertyOf(ResourceEvent resource, string name) =>
        Convert.ToString(resource.Snapshot.Properties.First(property => property.Name == name).Value, CultureInfo.InvariantCulture)!;
}
