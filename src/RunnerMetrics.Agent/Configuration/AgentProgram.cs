namespace RunnerMetrics.Agent.Configuration;

/// <summary>The agent's program.</summary>
internal static class AgentProgram
{
    /// <summary>Its name in messages.</summary>
    public const string Name = "runner-metrics-agent";
}
