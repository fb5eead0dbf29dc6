namespace RunnerMetrics.Agent.Delivery;

/// <summary>Something happened on a runner whose name nothing says, so that it cannot be reported. It is read again once somebody says it.</summary>
internal sealed class RunnerUnknownException()
    : InvalidOperationException("The runner's name stands neither in its log nor in its file .runner: give it with --runner-name, as it was registered.");
