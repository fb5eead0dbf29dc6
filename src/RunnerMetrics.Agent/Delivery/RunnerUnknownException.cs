namespace RunnerMetrics.Agent.Delivery;

/// <summary>An event cannot be reported because the runner's name is not known. It is read again once the name is known.</summary>
internal sealed class RunnerUnknownException()
    : InvalidOperationException("The runner's name is neither in its log nor in its file .runner: give it with --runner-name, as it was registered.");
