using RunnerMetrics.Domain.Events;
using RunnerMetrics.Exporter.Wire.V1;

namespace RunnerMetrics.Exporter.Store;

/// <summary>Durable storage: a snapshot, and the commits after it. One writer uses it, from one thread at a time.</summary>
internal interface IEventStore : IDisposable
{
    /// <summary>Why nothing can be written since the store was opened, or null: whatever is written next tries again.</summary>
    Exception? StartProblem { get; }

    /// <summary>How many bytes stand behind the last snapshot.</summary>
    long BytesSinceSnapshot { get; }

    /// <summary>How many snapshots were completed since the store was opened.</summary>
    int Snapshots { get; }

    /// <summary>Whether it is time for a snapshot, and none is being written.</summary>
    bool WantsSnapshot { get; }

    /// <summary>Whether <see cref="Step"/> has something to do.</summary>
    bool HasWork { get; }

    /// <summary>The history of jobs and deployments, for any thread; null if none is kept.</summary>
    IHistory? History { get; }

    /// <summary>Writes a commit and makes it durable. When it returns, it is; when it throws, nothing of it may be acknowledged.</summary>
    /// <param name="commit">What is replayed after a restart.</param>
    /// <param name="happened">What its entries say, for the history of jobs and deployments.</param>
    /// <exception cref="IOException">It is not durable, and must not be folded into the state.</exception>
    /// <exception cref="InvalidOperationException">It is longer than what can be read again; nothing was written.</exception>
    void Append(Commit commit, IReadOnlyList<FleetEvent> happened);

    /// <summary>Takes a snapshot of the state, which holds everything appended so far. Where <see cref="HasWork"/> is true afterwards, steps complete it.</summary>
    /// <exception cref="IOException">There is no snapshot; the store continues as it was.</exception>
    void Snapshot(Action<Stream> save);

    /// <summary>A small step of the work that continues beside the commits, short enough for a commit to wait for.</summary>
    /// <exception cref="IOException">It failed; a snapshot that was being written is given up, and the store continues as it was.</exception>
    void Step();
}
