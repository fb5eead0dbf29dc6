using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Agent.Adoption;

internal static partial class AdoptionLog
{
    [LoggerMessage(400, LogLevel.Information, "Delivers {Events} events that an agent left in {Folder}.")]
    public static partial void Adopts(ILogger logger, string folder, long events);

    [LoggerMessage(401, LogLevel.Warning, "Cannot deliver what an agent left: {Problem} It is tried again.")]
    public static partial void NotAdopted(ILogger logger, string problem);
}
