namespace RunnerMetrics.Agent.Configuration;

/// <summary>The agent's program.</summary>
internal static class AgentProgram
{
    /// <summary>Its name, for where it is named to people.</summary>
    public const string Name = "runner-metrics-agent";
}
