namespace RunnerMetrics.AppHost.Stack;

/// <summary>How the stack runs on this machine.</summary>
internal enum StackKind
{
    /// <summary>Every part in a container, as in production.</summary>
    Containers,

    /// <summary>Every part as a process of this machine, which a debugger can reach; no container engine is needed.</summary>
    Processes,
}
