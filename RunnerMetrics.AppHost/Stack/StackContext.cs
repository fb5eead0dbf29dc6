namespace RunnerMetrics.AppHost.Stack;

/// <summary>The context in which the parts of a running stack are created.</summary>
/// <param name="Builder">The model that they are added to.</param>
/// <param name="Settings">What the configuration says.</param>
/// <param name="Machine">What this machine has.</param>
/// <param name="Folder">What this run may write.</param>
internal sealed record StackContext(IDistributedApplicationBuilder Builder, StackSettings Settings, Preflight.LocalMachine Machine, RunFolder Folder);
