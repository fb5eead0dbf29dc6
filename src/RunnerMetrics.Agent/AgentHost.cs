using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Telemetry;
using RunnerMetrics.ServiceDefaults;

namespace RunnerMetrics.Agent;

/// <summary>The host that the agent's log and telemetry come from.</summary>
public static class AgentHost
{
    /// <summary>Builds a host that is not started yet, and hears no signal.</summary>
    /// <param name="logging">Where the log goes, beside OTLP where that is configured.</param>
    public static IHost Build(Action<ILoggingBuilder> logging)
    {
        ArgumentNullException.ThrowIfNull(logging);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = AgentTelemetry.ServiceName });
        builder.Configuration.AddEnvironmentVariables();
        builder.AddServiceDefaults(AgentTelemetry.SourceName);
        builder.Services.AddSingleton<IHostLifetime, AgentLifetime>();
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
        logging(builder.Logging);
        return builder.Build();
    }
}
