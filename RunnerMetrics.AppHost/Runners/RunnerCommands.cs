namespace RunnerMetrics.AppHost.Runners;

/// <summary>What a person can ask a simulated runner to do, from the dashboard. A real one takes its jobs from GitHub.</summary>
internal static class RunnerCommands
{
    public static IResourceBuilder<RunnerResource> WithOrders(this IResourceBuilder<RunnerResource> runner, OrderFolder orders) => runner
        .WithBindMount(orders.Path, OrderFolder.Target)
        .WithEnvironment("RUNNER_METRICS_ORDERS", OrderFolder.Target)
        .WithCommand(
            "send-failing-job",
            "Send a failing job",
            _ => GiveAsync(orders, OrderFolder.Fail, "The next job fails; it begins at once, or behind the one that runs."),
            commandOptions: new CommandOptions
            {
                Description = "The runner's next job is a short one that fails.",
                IconName = "ErrorCircle",
                IsHighlighted = true,
                UpdateState = WhileRunning,
            })
        .WithCommand(
            "drain",
            "Drain this runner",
            _ => GiveAsync(orders, OrderFolder.Drain, "The runner ends its job, takes no other, and is gone."),
            commandOptions: new CommandOptions
            {
                Description = "The runner ends its job, takes no other, and its container ends.",
                ConfirmationMessage = "End this runner behind its job? Start brings it back.",
                IconName = "ArrowExit",
                UpdateState = WhileRunning,
            });

    private static Task<ExecuteCommandResult> GiveAsync(OrderFolder orders, string order, string message)
    {
        try
        {
            orders.Give(order);
            return Task.FromResult(CommandResults.Success(message));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult(CommandResults.Failure($"The order cannot be written: {e.Message}"));
        }
    }

    private static ResourceCommandState WhileRunning(UpdateCommandStateContext context) =>
        context.ResourceSnapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled;
}
