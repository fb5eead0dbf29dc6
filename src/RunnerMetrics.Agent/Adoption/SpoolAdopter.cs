using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Spool;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Adoption;

/// <summary>
/// Delivers the spools of stopped agents: those on a volume of the node that no running agent holds. Each is delivered under its own sender id, so
/// that the collector accepts each event once, whoever sends it and however often; an empty spool is removed.
/// </summary>
/// <param name="options">Where they are, and the agent's own spool.</param>
/// <param name="limits">As for the agent's own spool.</param>
/// <param name="deliverers">As for the agent's own events.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Logs what it adopts.</param>
internal sealed class SpoolAdopter(AgentOptions options, SpoolOptions limits, DelivererFactory deliverers, TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>A spool that was written to more recently may belong to an agent that is restarting.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    /// <summary>How long a spool is held while the collector accepts nothing: its agent may come back.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    /// <summary>Delivers the existing events, as far as the collector accepts them.</summary>
    public async Task AdoptAllAsync(CancellationToken stop)
    {
        foreach (var path in FindAbandoned())
        {
            try
            {
                await AdoptAsync(path, stop);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // The boundary: a problem with one folder must not stop the others. A folder that is still in use is not a failure.
                if (!DiskFolder.IsInUse(failure) && _said.Add(path))
                {
                    AdoptionLog.NotAdopted(logger, failure.Message);
                }
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            await AdoptAllAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private List<string> FindAbandoned()
    {
        try
        {
            return [.. new DirectoryInfo(options.Adopt!).EnumerateDirectories()
                .Where(spool => spool.LinkTarget is null && spool.FullName != Path.GetFullPath(options.Spool) && IsQuiet(Path.Combine(spool.FullName, EventSpool.FileName)))
                .Select(spool => spool.FullName).Order(StringComparer.Ordinal)];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (_said.Add(options.Adopt!))
            {
                AdoptionLog.NotAdopted(logger, failure.Message);
            }

            return [];
        }
    }

    private bool IsQuiet(string file) => File.Exists(file) && time.GetUtcNow() - File.GetLastWriteTimeUtc(file) > Quiet;

    private async Task AdoptAsync(string path, CancellationToken stop)
    {
        using var storage = DiskFolder.Open(path, "agent", "--adopt");
        using (var spool = EventSpool.Open(storage, limits, time, logger))
        {
            if (spool.Waiting > 0)
            {
                AdoptionLog.Adopts(logger, path, spool.Waiting);
                await DeliverAsync(spool, stop);
            }

            if (spool.Waiting > 0)
            {
                return;
            }
        }

        Remove(storage);
    }

    private async Task DeliverAsync(EventSpool spool, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            await deliverers.Of(spool).DrainAsync(ended.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // The collector is unreachable.
        }
    }

    // Files for inspection (dead letters, a damaged file) stay.
    private static void Remove(DiskFolder storage)
    {
        storage.Delete(EventSpool.FileName);
        storage.Delete(EventSpool.Temporary);
        if (storage.List().Count == 0)
        {
            Directory.Delete(storage.Folder, recursive: true);
        }
    }
}
