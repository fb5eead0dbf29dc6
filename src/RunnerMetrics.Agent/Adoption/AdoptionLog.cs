using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Agent.Adoption;

internal static partial class AdoptionLog
{
    [LoggerMessage(400, LogLevel.Information, "Delivering {Events} events that another agent left in {Folder}.")]
    public static partial void Adopts(ILogger logger, string folder, long events);

    [LoggerMessage(401, LogLevel.Warning, "Cannot deliver another agent's events: {Problem} The agent retries.")]
    public static partial void NotAdopted(ILogger logger, string problem);
}
