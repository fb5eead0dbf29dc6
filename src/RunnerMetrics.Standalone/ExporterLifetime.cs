using Microsoft.Extensions.Hosting;

namespace RunnerMetrics.Standalone;

/// <summary>Keeps signals from the exporter: it stops after the agent, because it accepts the agent's last events.</summary>
internal sealed class ExporterLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
