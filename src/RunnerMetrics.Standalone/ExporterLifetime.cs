using Microsoft.Extensions.Hosting;

namespace RunnerMetrics.Standalone;

/// <summary>Keeps signals from the exporter: it ends behind the agent, whose last events it takes.</summary>
internal sealed class ExporterLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
