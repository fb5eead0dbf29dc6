using RunnerMetrics.Core.Metrics;
using RunnerMetrics.Core.Runners;
using RunnerMetrics.Core.Storage;
using RunnerMetrics.Exporter.Configuration;

namespace RunnerMetrics.Exporter.Journal;

/// <summary>Opens the journal before anything else starts, and closes it after everything else has stopped.</summary>
internal sealed class JournalService(
    ExporterOptions options, CommitLoop commits, Fleet fleet, FleetOptions limits, MetricRegistry registry, ILogger<JournalService> logger) : IHostedLifecycleService, IAsyncDisposable
{
    private DiskFolder? _storage;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (options.DataDirectory is not { } folder)
        {
            JournalLog.NothingKept(logger);
            commits.Start(null, null);
            return Task.CompletedTask;
        }

        _storage = DiskFolder.Open(folder, "exporter", "--data");
        var journal = Open(_storage, new JournalOptions { Repair = options.Repair });
        commits.Start(journal, new JournalMetrics(registry));
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

    private EventJournal Open(DiskFolder storage, JournalOptions journalOptions)
    {
        try
        {
            var journal = FleetRecovery.Open(storage, journalOptions, fleet, limits, registry, out var recovery);
            ReturnMemory();
            Say(storage.Folder, recovery);
            return journal;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"the journal in {storage.Folder} cannot be opened: {e.Message}", e);
        }
    }

    // Reading a long journal takes several times the memory that its state does, and nothing later would give it back.
    private static void ReturnMemory() => GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    private void Say(string folder, JournalRecovery recovery)
    {
        JournalLog.Recovered(logger, folder, recovery.Commits);
        if (recovery.LeftOut > 0)
        {
            JournalLog.LeftOut(logger, recovery.LeftOut);
        }

        if (recovery.CutBytes > 0)
        {
            JournalLog.TornTail(logger, recovery.CutBytes);
        }

        if (recovery.SetAside.Count > 0)
        {
            JournalLog.Repaired(logger, recovery.SkippedBytes, string.Join(", ", recovery.SetAside));
        }

        if (recovery.Missing.Count > 0)
        {
            JournalLog.WentOnWithout(logger, string.Join(", ", recovery.Missing));
        }
    }
}
