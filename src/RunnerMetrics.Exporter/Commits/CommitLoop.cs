using System.Diagnostics;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Store;
using RunnerMetrics.Exporter.Telemetry;
using RunnerMetrics.Exporter.Wire.V1;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Exporter.Commits;

/// <summary>
/// The one way into the state: takes the waiting submissions, drops duplicates, makes the rest durable with one fsync, folds it in, and answers all callers that
/// waited. While one group is being written the next one gathers, so that many callers cost as many fsyncs as one.
/// </summary>
internal sealed class CommitLoop : IAsyncDisposable
{
    private readonly FleetState _fleet;
    private readonly MetricRegistry _registry;
    private readonly ILogger _logger;
    private readonly Admission _admission;
    private readonly HashSet<(string, EventSource)> _inGroup = [];
    private readonly List<FleetEvent> _happened = [];
    private readonly SubmissionQueue _queue;
    private readonly TimeProvider _diskTime;
    private StoreWriter? _store;
    private string? _broken;
    private Task _loop = Task.CompletedTask;

    /// <param name="fleet">The state.</param>
    /// <param name="options">Its limits.</param>
    /// <param name="registry">Where it shows.</param>
    /// <param name="diskTime">The clock that times writes to disk. It is the machine's own if a test simulates the clock of events: a jump there must not make a write look hours long.</param>
    /// <param name="logger">Logs failures.</param>
    public CommitLoop(FleetState fleet, FleetOptions options, MetricRegistry registry, TimeProvider diskTime, ILogger<CommitLoop> logger)
    {
        (_fleet, _registry, _diskTime, _logger) = (fleet, registry, diskTime, logger);
        _admission = new Admission(fleet, registry, options);
        _queue = new SubmissionQueue(diskTime);
    }

    /// <summary>Why nothing can be stored now, or null.</summary>
    public string? Problem => _store?.Problem ?? _broken;

    /// <summary>Whether it takes submissions.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Why no events are taken now, or null if they are.</summary>
    public string? NotReady => IsRunning ? Problem : "starting or stopping";

    /// <summary>The history of jobs and deployments, for any thread; null where none is kept.</summary>
    public IHistory? History { get; private set; }

    /// <summary>How many bytes of the journal stand behind its last snapshot; null where nothing is kept.</summary>
    public long? BytesSinceSnapshot => _store?.BytesSinceSnapshot;

    /// <summary>Is told what is durable and folded in, in order, on the loop's own thread: it must be quick, and must not keep the list.</summary>
    public Action<IReadOnlyList<FleetEvent>>? Committed { get; set; }

    /// <summary>Begins to take submissions.</summary>
    /// <param name="store">The store, or null to store nothing.</param>
    /// <param name="metrics">The store's metrics, with a store.</param>
    public void Start(IEventStore? store, CommitMetrics? metrics)
    {
        _store = store is null ? null : new StoreWriter(store, metrics!, _fleet, _registry, _diskTime, _logger);
        _store?.Start();
        History = store?.History;
        IsRunning = true;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Makes items durable and folds them in.</summary>
    /// <param name="items">What happened.</param>
    /// <param name="names">How many new runners their sender may report; null if that is not limited.</param>
    /// <returns>The outcome of each item, when all admitted items are durable.</returns>
    /// <exception cref="StoreUnavailableException">Nothing of it was kept: it must be tried again.</exception>
    public Task<CommitResult[]> SubmitAsync(IReadOnlyList<CommitItem> items, INameBudget? names = null)
    {
        var submission = new Submission(items, names);
        return IsRunning && _queue.TryAdd(submission)
            ? submission.Done.Task
            : Task.FromException<CommitResult[]>(new StoreUnavailableException("the exporter is starting or stopping", isFull: false));
    }

    /// <summary>Retries after a failed write, and continues the store's maintenance, even if nothing waits to be stored.</summary>
    public async Task ProbeAsync()
    {
        if (Problem is not null || _store is { HasWork: true })
        {
            try
            {
                await SubmitAsync([]);
            }
            catch (StoreUnavailableException)
            {
                // It is logged where it happened, and retried.
            }
        }
    }

    /// <summary>Ends: what was submitted is answered, the rest refused, and a snapshot of all is left.</summary>
    public async ValueTask DisposeAsync()
    {
        IsRunning = false;
        _queue.Complete();
        await _loop;
        History = null;
        _store?.Dispose();
        _store = null;
    }

    /// <summary>Folds one item in, new or replayed.</summary>
    public static ApplyOutcome Fold(FleetState fleet, CommitItem item)
    {
        if (item.Event is not null)
        {
            return fleet.Apply(item.Event, item.Source);
        }

        fleet.Settle(item.Source, item.Entry.Settled.OccurredAt.ToDateTimeOffset());
        return ApplyOutcome.Accepted;
    }

    private async Task RunAsync()
    {
        while (await NextAsync())
        {
            await _queue.GatherAsync(_store?.LastWrite ?? TimeSpan.Zero);
            CommitGroup();
        }
    }

    // While nothing waits, the store continues its maintenance; a new submission waits for one step of it.
    private ValueTask<bool> NextAsync()
    {
        while (_queue.IsEmpty && IsRunning && _store?.Work() == true)
        {
        }

        return _queue.WaitAsync();
    }

    private void CommitGroup()
    {
        try
        {
            var commit = Admit();
            if (_store is not null && (commit.Entries.Count > 0 || Problem is not null))
            {
                using var span = StartSpan(commit);
                _store.Write(commit, _happened);
            }

            _queue.Expect();
            FoldIn();
            Committed?.Invoke(_happened);
            _store?.SnapshotIfDue();
            _store?.Work();
        }
        catch (Exception e)
        {
            // No caller must wait for an answer for ever, whatever went wrong.
            Fail(e);
        }
    }

    // What is known already, or is in this group twice, is not written again; what there is no room for is not written at all.
    private Commit Admit()
    {
        var commit = new Commit();
        _inGroup.Clear();
        _happened.Clear();
        _admission.Begin();
        foreach (var submission in _queue.Group)
        {
            for (var i = 0; i < submission.Items.Count; i++)
            {
                var item = submission.Items[i];
                var id = item.Source.HasSequence ? "" : item.Event?.EventId ?? "";
                submission.Results[i] = _fleet.Knows(id, item.Source) || _inGroup.Contains((id, item.Source)) ? new CommitResult(ApplyOutcome.Duplicate)
                    : item.Event is { } happened && _admission.Refuse(happened, submission.Names) is { } reason ? new CommitResult(ApplyOutcome.Deferred, reason)
                    : default;
                if (submission.Results[i].Outcome == ApplyOutcome.Accepted)
                {
                    _inGroup.Add((id, item.Source));
                    commit.Entries.Add(item.Entry);
                    if (item.Event is not null)
                    {
                        _happened.Add(item.Event);
                    }
                }
            }
        }

        return commit;
    }

    // One write serves many callers: it is part of the first one's trace and links to the others. Without a caller's trace, it starts none.
    private Activity? StartSpan(Commit commit)
    {
        if (!ExporterTelemetry.Source.HasListeners())
        {
            return null;
        }

        var callers = _queue.Group.Select(submission => submission.Caller).Where(caller => caller.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)).ToArray();
        return callers is not [var first, .. var others]
            ? null
            : ExporterTelemetry.Source.StartActivity("journal commit", ActivityKind.Internal, first, links: others.Select(caller => new ActivityLink(caller)))
                ?.SetTag("runner_metrics.journal.entries", commit.Entries.Count).SetTag("runner_metrics.journal.bytes", _queue.GroupBytes);
    }

    private void FoldIn()
    {
        foreach (var submission in _queue.Group)
        {
            var results = submission.Results;
            using (_registry.Gate.Enter())
            {
                for (var i = 0; i < results.Length; i++)
                {
                    results[i] = results[i].Outcome == ApplyOutcome.Accepted ? new CommitResult(Fold(_fleet, submission.Items[i])) : results[i];
                }
            }

            submission.Done.TrySetResult(results);
        }
    }

    private void Fail(Exception e)
    {
        const int NoSpace = 28, OverQuota = 122; // ENOSPC and EDQUOT, which .NET keeps as they are in HResult
        const int DiskFull = unchecked((int)0x80070070); // ERROR_DISK_FULL
        if (_store is not null)
        {
            _store.Fail(e);
        }
        else
        {
            CommitLog.NotWritable(_logger, e.Message);
            _broken = e.Message;
        }

        foreach (var submission in _queue.Group)
        {
            submission.Done.TrySetException(new StoreUnavailableException($"the event could not be stored: {e.Message}", e.HResult is NoSpace or OverQuota or DiskFull));
        }
    }
}
