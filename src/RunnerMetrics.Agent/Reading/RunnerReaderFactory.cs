using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Agent.Hooks;
using RunnerMetrics.Agent.Spool;

namespace RunnerMetrics.Agent.Reading;

/// <summary>Makes readers of the runner's files.</summary>
internal sealed class RunnerReaderFactory(AgentOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>Continues reading at a spool's read position.</summary>
    public RunnerReader Open(EventSpool spool)
    {
        var settings = RunnerFolder.Of(options.Diag).ReadSettings(options.RunnerName);
        return new RunnerReader(
            new DiagTail(options.Diag, settings, spool.Place, time, logger),
            options.Hooks is { } path ? new HookReader(new HookFolder(path, time, logger), time) : null,
            spool,
            new EventFactory(settings, options.RunnerType),
            new RunnerNews(options.RunnerName, logger),
            time);
    }
}
