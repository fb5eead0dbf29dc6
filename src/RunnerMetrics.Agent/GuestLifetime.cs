using Microsoft.Extensions.Hosting;

namespace RunnerMetrics.Agent;

/// <summary>Leaves the signals to the process that an agent is a guest of.</summary>
internal sealed class GuestLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
