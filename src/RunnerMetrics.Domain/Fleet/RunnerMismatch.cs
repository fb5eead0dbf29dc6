namespace RunnerMetrics.Domain.Fleet;

/// <summary>A runner of which GitHub and its agent do not say the same.</summary>
/// <param name="Side"><c>github</c>: it is registered, and no agent speaks for it; <c>agent</c>: an agent speaks for it, and it is not registered; <c>disagreement</c>: their states differ.</param>
/// <param name="Scope">Where it is, or would be, registered.</param>
/// <param name="Name">Its name.</param>
/// <param name="GitHubSays">idle, busy or offline; empty where it is not registered.</param>
/// <param name="AgentSays">idle, busy, disconnected or offline; empty where there is no agent.</param>
/// <param name="Since">Since when that is so, as far as it was observed.</param>
public sealed record RunnerMismatch(string Side, string Scope, string Name, string GitHubSays, string AgentSays, DateTimeOffset Since);
