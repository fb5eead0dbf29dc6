using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Fleet;

/// <content>The state as a whole, for a snapshot: what a fold over all events would give, without the events.</content>
public sealed partial class FleetState
{
    private const int StateVersion = 7;

    /// <summary>How many runners of a state were left out when it was read, because the limits are lower than they were.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Writes the state. Nobody may fold events meanwhile; scrapes may go on.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(StateVersion);
        _seenEvents.Save(writer, (w, value) => w.Write(value));
        _jobs.Save(writer);
        lock (_registry.Gate)
        {
            writer.Write(Observed.Ticks);
            _senders.Save(writer);
            SaveGitHub(writer);
            _deployments.Save(writer);
            _states.Save(writer);
            _shared.Save(writer);
            _unknownCacheLines.Save(writer);
            writer.Write(_runners.Count);
            foreach (var record in _runners.Values)
            {
                writer.Write(record.Identity);
                writer.Write(record.Gauges is not null);
                record.Save(writer);
                if (record.Gauges is { } gauges)
                {
                    record.Jobs.Save(writer);
                    gauges.Save(writer);
                }
            }

            _families.DroppedSeries.Save(writer);
            _families.CacheReportsImplausible.Save(writer);
            SaveDeparted(writer);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote into an empty fleet.</summary>
    /// <exception cref="InvalidDataException">It was written by a version whose state this one does not know.</exception>
    public void Load(BinaryReader reader)
    {
        var version = reader.ReadInt32();
        if (version != StateVersion)
        {
            throw new InvalidDataException($"the state has version {version}, and this program knows {StateVersion}: run the version that wrote it, or begin with an empty data folder");
        }

        lock (_registry.Gate)
        {
            _seenEvents.Load(reader, r => r.ReadByte());
            _jobs.Load(reader);
            Observed = TimeSpan.FromTicks(reader.ReadInt64());
            _senders.Load(reader);
            LoadGitHub(reader);
            _deployments.Load(reader);
            _states.Load(reader);
            _shared.Load(reader);
            _unknownCacheLines.Load(reader);
            for (var runners = reader.ReadInt32(); runners > 0; runners--)
            {
                LoadRunner(reader);
            }

            // Last: making the series anew counts again what was dropped then.
            _families.DroppedSeries.Load(reader);
            _families.CacheReportsImplausible.Load(reader);
            LoadDeparted(reader);
            _families.RestoreOrder();
        }
    }

    private void LoadRunner(BinaryReader reader)
    {
        var identity = reader.ReadRunner();
        var hasOwnSeries = reader.ReadBoolean();
        RunnerRecord record;
        if (_runners.Count >= _options.MaxRunnerRecords)
        {
            // The limit is lower than it was: what the runner counted goes on, under another name, and the runner is a new one when it is heard again.
            record = hasOwnSeries ? WithOwnSeries(identity) : Shared(identity);
            record.Load(reader);
            if (record.Gauges is { } given)
            {
                record.Jobs.Load(reader);
                given.Load(reader);
                _shared.For(identity, RunnerIdentity.OtherName).Add(record.Jobs);
                given.Remove();
                record.Jobs.Remove();
            }

            record.OpenJobs.Clear();
            LeftOut++;
            return;
        }

        if (hasOwnSeries)
        {
            _ownSeries++;
            record = WithOwnSeries(identity);
            record.Load(reader);
            record.Jobs.Load(reader);
            record.Gauges!.Load(reader);
        }
        else
        {
            record = Shared(identity);
            record.Load(reader);
        }

        Add(record);
        Show(record);
    }

    private RunnerRecord WithOwnSeries(RunnerIdentity runner)
    {
        var labels = RunnerKey.Of(runner).Labels;
        return new RunnerRecord(runner, new JobSeries(_families, labels, withGauges: true), new RunnerGauges(_families, labels), _openJobBytes);
    }
}
