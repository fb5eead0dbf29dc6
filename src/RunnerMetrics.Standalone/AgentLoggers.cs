using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Standalone;

/// <summary>Lets the exporter say what it has to say where the agent says it.</summary>
internal sealed class AgentLoggers(ILoggerFactory loggers) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => loggers.CreateLogger(categoryName);

    // They are the agent's.
    public void Dispose()
    {
    }
}
