using Microsoft.Data.Sqlite;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Store;
using RunnerMetrics.Exporter.Store.Sqlite;
using RunnerMetrics.Hosting.Folders;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Exporter.Commits;

/// <summary>Opens the journal before anything else starts, and closes it after everything else has stopped.</summary>
internal sealed class CommitService(
    ExporterOptions options, CommitLoop commits, FleetState fleet, FleetOptions limits, MetricRegistry registry, TimeProvider time, ILogger<CommitService> logger) : IHostedLifecycleService, IAsyncDisposable
{
    private DiskFolder? _storage;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (options.DataDirectory is not { } folder)
        {
            CommitLog.NothingKept(logger);
            commits.Start(null, null);
            return Task.CompletedTask;
        }

        _storage = DiskFolder.Open(folder, "exporter", "--data");
        RefuseEarlierFiles(_storage);
        var metrics = new CommitMetrics(registry);
        var store = Open(_storage, metrics, new StoreOptions
        {
            KeepsHistory = options.History is not null,
            HistoryAge = options.History ?? TimeSpan.Zero,
            HistoryBytes = options.HistoryMegabytes * 1_000_000L,
        });
        commits.Start(store, metrics);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await commits.DisposeAsync();
        _storage?.Dispose();
        _storage = null;
    }

    private SqliteStore Open(DiskFolder storage, CommitMetrics metrics, StoreOptions storeOptions)
    {
        try
        {
            var store = FleetRecovery.Open(storage, storeOptions, time, fleet, limits, registry, out var recovery);
            ReturnMemory();
            LogRecovery(storage.Folder, recovery);
            using (registry.Gate.Enter())
            {
                metrics.Restored.Set(recovery.RestoredAt?.ToUnixTimeMilliseconds() / 1000.0);
            }

            return store;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new StorageException($"the store in {storage.Folder} cannot be opened: {e.Message}", e);
        }
    }

    // If counters started at 0 because the stored data is not read, the loss would go unnoticed.
    private static void RefuseEarlierFiles(DiskFolder storage)
    {
        if (storage.List().FirstOrDefault(name => name.StartsWith("journal-", StringComparison.Ordinal) || name.StartsWith("snapshot-", StringComparison.Ordinal)) is { } name)
        {
            throw new StorageException($"{Path.Combine(storage.Folder, name)} was written by a version before {StoreFile.Name}, which is no longer supported: give --data an empty folder");
        }
    }

    // Replaying a long journal takes several times the memory of its state, and nothing later would release it.
    private static void ReturnMemory() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private void LogRecovery(string folder, StoreRecovery recovery)
    {
        CommitLog.Recovered(logger, folder, recovery.Commits);
        if (recovery.LeftOut > 0)
        {
            CommitLog.LeftOut(logger, recovery.LeftOut);
        }

        if (recovery.IsBehindMark)
        {
            CommitLog.Restored(logger, folder);
        }

        if (recovery.CutBytes > 0)
        {
            CommitLog.TornTail(logger, recovery.CutBytes);
        }
    }
}
