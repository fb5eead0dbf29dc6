using RunnerMetrics.Core.Metrics;
using RunnerMetrics.Core.Runners;
using RunnerMetrics.Core.Storage;

namespace RunnerMetrics.Exporter.Journal;

/// <summary>Brings a fleet to where its journal ends.</summary>
internal static class FleetRecovery
{
    /// <summary>Opens a journal, and folds what it says into an empty fleet.</summary>
    /// <exception cref="StorageException">It is damaged, or was written by a later version.</exception>
    public static EventJournal Open(
        IStorageFolder storage, JournalOptions options, Fleet fleet, FleetOptions limits, MetricRegistry registry, out JournalRecovery recovery)
    {
        // The limits may be lower than they were: what is over them now is left out rather than dying of it.
        var admission = new Admission(fleet, registry, limits);
        var leftOut = 0;
        var journal = EventJournal.Open(storage, options, fleet.Load, commit =>
        {
            foreach (var entry in commit.Entries)
            {
                var item = JournalEntries.Read(entry);
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
        if (recovery.IsRepaired)
        {
            journal.Snapshot(fleet.Save);
        }

        return journal;
    }
}
