using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Store;
using RunnerMetrics.Exporter.Store.Sqlite;
using RunnerMetrics.Hosting.Folders;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Exporter.Commits;

/// <summary>Brings a fleet to where its store ends.</summary>
internal static class FleetRecovery
{
    /// <summary>Opens a store, and folds what it says into an empty fleet.</summary>
    /// <exception cref="StorageException">It is damaged, or was written by a later version.</exception>
    public static SqliteStore Open(
        DiskFolder storage, StoreOptions options, TimeProvider time, FleetState fleet, FleetOptions limits, MetricRegistry registry, out StoreRecovery recovery)
    {
        // The limits may be lower than before: what exceeds them now is dropped, because the process must not run out of memory.
        var admission = new Admission(fleet, registry, limits);
        var leftOut = 0;
        var store = SqliteStore.Open(storage, options, time, fleet.Load, commit =>
        {
            foreach (var entry in commit.Entries)
            {
                var item = CommitItem.Read(entry);
                admission.Begin();
                if (item.Event is { } happened && admission.Refuse(happened) is not null)
                {
                    leftOut++;
                    continue;
                }

                CommitLoop.Fold(fleet, item);
            }
        }, out recovery);
        recovery.LeftOut = leftOut + fleet.LeftOut;
        return store;
    }
}
