using RunnerMetrics.Core.Runners;
using RunnerMetrics.Core.Storage;

namespace RunnerMetrics.Exporter.Journal;

/// <summary>Brings a fleet to where its journal ends.</summary>
internal static class FleetRecovery
{
    /// <summary>Opens a journal, and folds what it says into an empty fleet.</summary>
    /// <exception cref="StorageException">It is damaged, or was written by a later version.</exception>
    public static EventJournal Open(IStorageFolder storage, JournalOptions options, Fleet fleet, out JournalRecovery recovery)
    {
        var journal = EventJournal.Open(storage, options, fleet.Load, commit =>
        {
            foreach (var entry in commit.Entries)
            {
                CommitLoop.Fold(fleet, JournalEntries.Read(entry));
            }
        }, out recovery);
        if (recovery.IsRepaired)
        {
            journal.Snapshot(fleet.Save);
        }

        return journal;
    }
}
