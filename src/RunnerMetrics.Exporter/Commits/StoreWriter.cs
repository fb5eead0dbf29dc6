using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Store;
using RunnerMetrics.Exporter.Telemetry;
using RunnerMetrics.Exporter.Wire.V1;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Exporter.Commits;

/// <summary>Writes to the store for the loop, takes snapshots and does the store's maintenance. On failure it reports the problem and retries later.</summary>
internal sealed class StoreWriter(IEventStore store, CommitMetrics metrics, FleetState fleet, MetricRegistry registry, TimeProvider diskTime, ILogger logger) : IDisposable
{
    /// <summary>How long after a step that failed the next one is tried, and behind how many bytes the next snapshot.</summary>
    private const int SecondsPutOff = 60, BytesPutOff = 4 * 1024 * 1024;

    private long _nextSnapshotAt;
    private long _nextWorkAt;
    private int _snapshots;

    /// <summary>Why nothing can be written now, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>How long the last write took.</summary>
    public TimeSpan LastWrite { get; private set; }

    /// <summary>How many bytes stood behind the last snapshot at the last write.</summary>
    public long BytesSinceSnapshot => store.BytesSinceSnapshot;

    /// <summary>Whether the store has something to do.</summary>
    public bool HasWork => store.HasWork;

    /// <summary>Says how the store was found.</summary>
    public void Start()
    {
        if (store.StartProblem is { } problem)
        {
            Fail(problem);
        }

        ShowHealth();
    }

    /// <summary>Writes a commit, which is durable then.</summary>
    /// <exception cref="IOException">It is not.</exception>
    public void Write(Commit commit, IReadOnlyList<FleetEvent> happened)
    {
        var start = diskTime.GetTimestamp();
        store.Append(commit, happened);
        LastWrite = diskTime.GetElapsedTime(start);
        ExporterTelemetry.CommitDuration.Record(LastWrite.TotalSeconds);
        using (registry.Gate.Enter())
        {
            metrics.Commit.Observe(LastWrite.TotalSeconds);
            metrics.Bytes.Set(store.BytesSinceSnapshot);
        }

        if (Problem is not null)
        {
            Problem = null;
            ShowHealth();
            CommitLog.WritableAgain(logger);
        }
    }

    /// <summary>Takes a snapshot if one is due. The state contains everything that was written.</summary>
    public void SnapshotIfDue()
    {
        if (store.WantsSnapshot && store.BytesSinceSnapshot >= _nextSnapshotAt)
        {
            TakeSnapshot();
        }
    }

    /// <summary>Does one step of what there is to do.</summary>
    /// <returns>False if there is nothing more to do, or it cannot be done now.</returns>
    public bool Work()
    {
        if (!store.HasWork || Problem is not null || diskTime.GetTimestamp() < _nextWorkAt)
        {
            return false;
        }

        try
        {
            store.Step();
            ShowSnapshots();
            return store.HasWork;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _nextWorkAt = diskTime.GetTimestamp() + (SecondsPutOff * diskTime.TimestampFrequency);
            PutOff(e);
            return false;
        }
    }

    /// <summary>Notes that a commit could not be written, or what came before it.</summary>
    public void Fail(Exception e)
    {
        if (Problem is null)
        {
            CommitLog.NotWritable(logger, e.Message);
        }

        Problem = e.Message;
        using (registry.Gate.Enter())
        {
            metrics.Failures.Increment();
        }

        ShowHealth();
    }

    /// <summary>Leaves a snapshot of all, and closes the store.</summary>
    public void Dispose()
    {
        var before = store.Snapshots;
        TakeSnapshot();
        while (store.Snapshots == before && Work())
        {
        }

        store.Dispose();
    }

    private void TakeSnapshot()
    {
        try
        {
            store.Snapshot(fleet.Save);
            _nextSnapshotAt = 0;
            ShowSnapshots();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            PutOff(e);
        }
    }

    private void PutOff(Exception e)
    {
        _nextSnapshotAt = store.BytesSinceSnapshot + BytesPutOff;
        CommitLog.NoSnapshot(logger, e.Message);
    }

    private void ShowSnapshots()
    {
        using (registry.Gate.Enter())
        {
            for (; _snapshots < store.Snapshots; _snapshots++)
            {
                metrics.Snapshots.Increment();
            }

            metrics.Bytes.Set(store.BytesSinceSnapshot);
        }
    }

    private void ShowHealth()
    {
        using (registry.Gate.Enter())
        {
            metrics.Writable.Set(Problem is null ? 1 : 0);
        }
    }
}
