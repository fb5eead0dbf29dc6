using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using RunnerMetrics.AppHost.Preflight;
using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Exporter;

/// <summary>The dashboard's commands for the exporter: they run the exporter's own command, as in production.</summary>
internal static class ExporterCommands
{
    public const string Forget = "forget-runner";

    private const string Name = "name";
    private const string Program = "runner-metrics-exporter";

    /// <summary>Adds the command for an exporter in a container, where the program finds all that it needs.</summary>
    public static IResourceBuilder<ContainerResource> WithForgetCommand(this IResourceBuilder<ContainerResource> exporter) => exporter.WithForgetCommand(async context =>
    {
        var notifications = context.Services.GetRequiredService<ResourceNotificationService>();
        if (!notifications.TryGetCurrentState(exporter.Resource.Name, out var current) || current.Snapshot.State?.Text != KnownResourceStates.Running)
        {
            return CommandResults.Failure("The exporter does not run.");
        }

        string[] command = ["exec", ResourceCommands.ContainerOf(current), $"/usr/local/bin/{Program}", "forget", "--", NameOf(context)];
        var (exitCode, said) = await ContainerEngine.AskAsync(command, context.CancellationToken, ContainerEngine.TimeToAct);
        return ResultOf(exitCode, said);
    });

    /// <summary>Adds the command for an exporter that runs as a project.</summary>
    /// <param name="exporter">The exporter.</param>
    /// <param name="tokens">The file of its tokens.</param>
    public static IResourceBuilder<ProjectResource> WithForgetCommand(this IResourceBuilder<ProjectResource> exporter, string tokens) => exporter.WithForgetCommand(async context =>
    {
        var port = exporter.GetEndpoint(ExporterEndpoints.Http).Port.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(
            Repository.ProgramOf("RunnerMetrics.Exporter", Program), ["forget", "--bind", "127.0.0.1", "--http-port", port, "--token-file", tokens, "--", NameOf(context)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(context.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(context.CancellationToken);
        await process.WaitForExitAsync(context.CancellationToken);
        return ResultOf(process.ExitCode, await output + await errors);
    });

    private static IResourceBuilder<T> WithForgetCommand<T>(this IResourceBuilder<T> exporter, Func<ExecuteCommandContext, Task<ExecuteCommandResult>> forget)
        where T : IResource => exporter.WithCommand(
            Forget,
            "Forget a runner",
            forget,
            commandOptions: new CommandOptions
            {
                Description = "Removes the series of a runner that will not return, now instead of in 7 days.",
                IconName = "PersonDelete",
                UpdateState = ResourceCommands.WhileRunning,
                Arguments = [new InteractionInput { Name = Name, Label = "Runner", InputType = InputType.Text, Required = true, Placeholder = "standard-1", Description = "The name of a runner that is offline." }],
            });

    private static string NameOf(ExecuteCommandContext context) => context.Arguments[Name].Value ?? "";

    private static ExecuteCommandResult ResultOf(int? exitCode, string said) => exitCode == 0 ? CommandResults.Success(said.Trim()) : CommandResults.Failure(said.Trim());
}
