using Microsoft.Extensions.Hosting;

namespace RunnerMetrics.Agent.Standalone;

/// <summary>The agent hears the signals: its exporter ends behind it, with the last events taken.</summary>
internal sealed class StandaloneLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
