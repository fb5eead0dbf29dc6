using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Runners;

/// <summary>The dashboard's commands for a simulated runner. A real one takes its jobs from GitHub.</summary>
internal static class RunnerCommands
{
    // An idle runner looks every quarter of a second.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static IResourceBuilder<T> WithOrders<T>(this IResourceBuilder<T> runner, OrderFolder orders)
        where T : IResource => runner
        .WithCommand(
            "send-failing-job",
            "Send a failing job",
            context => GiveAsync(runner.Resource.Name, orders, OrderFolder.Fail, "runs a job that fails", "has a job; the next one fails", context),
            commandOptions: new CommandOptions
            {
                Description = "The runner's next job is a short one that fails.",
                IconName = "ErrorCircle",
                IsHighlighted = true,
                UpdateState = ResourceCommands.WhileRunning,
            })
        .WithCommand(
            "drain",
            "Drain this runner",
            context => GiveAsync(runner.Resource.Name, orders, OrderFolder.Drain, "takes no other job, and stops", "has a job; it stops after it, and takes no other", context),
            commandOptions: new CommandOptions
            {
                Description = "The runner finishes its job, takes no other, and stops.",
                ConfirmationMessage = "Stop this runner after its job? Start restarts it.",
                IconName = "ArrowExit",
                UpdateState = ResourceCommands.WhileRunning,
            });

    private static async Task<ExecuteCommandResult> GiveAsync(string name, OrderFolder orders, string order, string taken, string waits, ExecuteCommandContext context)
    {
        try
        {
            orders.Give(order);
            var isTaken = await orders.IsTakenAsync(order, Patience, TimeProvider.System, context.CancellationToken);
            return CommandResults.Success($"{name} {(isTaken ? taken : waits)}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return CommandResults.Failure($"The order cannot be written: {e.Message}");
        }
    }
}
