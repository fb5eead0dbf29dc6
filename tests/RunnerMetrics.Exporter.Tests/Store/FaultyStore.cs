using RunnerMetrics.Domain.Events;
using RunnerMetrics.Exporter.Store;
using RunnerMetrics.Exporter.Wire.V1;

namespace RunnerMetrics.Exporter.Tests.Store;

/// <summary>A store of which a test says when it fails, and waits for.</summary>
internal sealed class FaultyStore(IEventStore store) : IEventStore
{
    /// <summary>Called before a commit is written: what it gives is thrown instead.</summary>
    public Func<Exception?> Append { get; set; } = () => null;

    /// <summary>The same for a step of what continues beside the commits.</summary>
    public Func<Exception?> OnStep { get; set; } = () => null;

    /// <summary>How many commits were written.</summary>
    public int Commits { get; private set; }

    public Exception? StartProblem => store.StartProblem;

    public long BytesSinceSnapshot => store.BytesSinceSnapshot;

    public int Snapshots => store.Snapshots;

    public bool WantsSnapshot => store.WantsSnapshot;

    public bool HasWork => store.HasWork;

    public IHistory? History => store.History;

    public static IOException Broken() => new("Input/output error", 5);

    public static IOException Full() => new("No space left on device", 28);

    void IEventStore.Append(Commit commit, IReadOnlyList<FleetEvent> happened)
    {
        if (Append() is { } fault)
        {
            throw fault;
        }

        store.Append(commit, happened);
        Commits++;
    }

    public void Snapshot(Action<Stream> save) => store.Snapshot(save);

    public void Step()
    {
        if (OnStep() is { } fault)
        {
            throw fault;
        }

        store.Step();
    }

    public void Dispose() => store.Dispose();
}
