using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Spool;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>Delivers what is in the spool for as long as the agent runs; and, when it is told to end, the last events from reading, as far as there is time.</summary>
internal sealed class DeliveryService(AgentOptions options, SpoolInUse spools, DelivererFactory deliverers, TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await DeliverAsync(await spools.OpenedAsync(stoppingToken), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            if (spools.Current is { } spool)
            {
                await FlushAsync(deliverers.Of(spool));
                DeliveryLog.Stopped(logger, spool.Waiting);
            }
        }
    }

    private async Task DeliverAsync(EventSpool spool, CancellationToken stop)
    {
        try
        {
            await deliverers.Of(spool).RunAsync(stop);
        }
        catch (StorageException failure)
        {
            // Reading opens it again, and reports it.
            spools.Close(spool, failure);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            // The boundary of the program: there may be no supervisor to restart it, and all important data is on disk.
            DeliveryLog.Failed(logger, failure);
            await Task.Delay(TryAgainAfter, time, stop);
        }
    }

    private async Task FlushAsync(Deliverer deliverer)
    {
        using var limit = new CancellationTokenSource(options.FlushTimeout, time);
        try
        {
            await deliverer.DrainAsync(limit.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or UnauthorizedAccessException or StorageException)
        {
            // It stays in the spool.
        }
    }
}
