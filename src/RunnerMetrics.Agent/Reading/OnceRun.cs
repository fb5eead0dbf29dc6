using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Spool;

namespace RunnerMetrics.Agent.Reading;

/// <summary><c>--once</c>: reads what is there, and delivers it.</summary>
internal sealed class OnceRun(
    AgentOptions options, SpoolInUse spools, RunnerReaderFactory readers, DelivererFactory deliverers, DeliveryOptions delivery, TimeProvider time, ILogger logger)
{
    /// <summary>Reads and delivers.</summary>
    /// <returns>0 if all is delivered, 1 if not: the rest stays in the spool.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        if (!Directory.Exists(options.Diag))
        {
            ReadingLog.NoDiag(logger, options.Diag);
            return ExitCode.Failed;
        }

        using var limit = new CancellationTokenSource(delivery.GiveUpOnce, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            var spool = spools.Open();
            var deliverer = deliverers.Of(spool);
            using var reader = readers.Open(spool);
            bool more;
            do
            {
                more = reader.Read(final: true);
                await deliverer.DrainAllAsync(ended.Token);
                if (reader.HasUnspooled && !spool.IsReady())
                {
                    ReadingLog.NotSpooled(logger, options.Spool);
                    return ExitCode.Failed;
                }

                // The limit is for a collector that is away, not for a long history.
                limit.CancelAfter(delivery.GiveUpOnce);
            }
            while (more || reader.HasUnspooled);
            return ExitCode.Done;
        }
        catch (RunnerUnknownException unknown)
        {
            ReadingLog.RunnerUnknown(logger, unknown.Message);
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            ReadingLog.NotDelivered(logger, options.Collector, delivery.GiveUpOnce.TotalSeconds);
            return ExitCode.Failed;
        }
    }
}
