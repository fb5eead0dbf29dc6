using System.Diagnostics;
using RunnerMetrics.Domain.Fleet;

namespace RunnerMetrics.Exporter.Commits;

/// <summary>What one caller submitted, and waits for.</summary>
/// <param name="items">What happened.</param>
/// <param name="names">How many new runners their sender may report; null if that is not limited.</param>
internal sealed class Submission(IReadOnlyList<CommitItem> items, INameBudget? names)
{
    public INameBudget? Names => names;

    public IReadOnlyList<CommitItem> Items { get; } = items;

    /// <summary>How large it is on disk, about; worked out by the caller's thread.</summary>
    public long Bytes { get; } = items.Sum(item => (long)item.Entry.CalculateSize());

    public ActivityContext Caller { get; } = Activity.Current?.Context ?? default;

    public CommitResult[] Results { get; } = new CommitResult[items.Count];

    public TaskCompletionSource<CommitResult[]> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
