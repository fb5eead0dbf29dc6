using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Standalone;

/// <summary>Sends the exporter's log to the agent's log.</summary>
internal sealed class AgentLoggers(ILoggerFactory loggers) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => loggers.CreateLogger(categoryName);

    // They are the agent's.
    public void Dispose()
    {
    }
}
