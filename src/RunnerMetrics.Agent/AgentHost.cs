using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Telemetry;
using RunnerMetrics.Hosting.Logging;
using RunnerMetrics.ServiceDefaults;

namespace RunnerMetrics.Agent;

/// <summary>The host of an agent's process, which its log and telemetry come from.</summary>
public static class AgentHost
{
    /// <summary>Creates a minimal host that stops on SIGTERM and SIGINT.</summary>
    public static HostApplicationBuilder CreateBuilder()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = AgentTelemetry.ServiceName });
        builder.Configuration.AddEnvironmentVariables();
        builder.AddServiceDefaults(AgentTelemetry.SourceName);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical); // a failed start is said in one line, not in a stack trace
        return builder;
    }

    /// <summary>Writes the log to the console.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="log">How.</param>
    public static HostApplicationBuilder LogToConsole(this HostApplicationBuilder builder, LogOptions log)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Logging.AddProgramConsole(log);
        return builder;
    }
}
