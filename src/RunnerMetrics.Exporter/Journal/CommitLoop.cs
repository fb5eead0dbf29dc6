using System.Diagnostics;
using System.Threading.Channels;
using RunnerMetrics.Core.Events;
using RunnerMetrics.Core.Metrics;
using RunnerMetrics.Core.Runners;
using RunnerMetrics.Exporter.Journal.V1;
using RunnerMetrics.Exporter.Store;
using RunnerMetrics.Exporter.Telemetry;

namespace RunnerMetrics.Exporter.Journal;

/// <summary>
/// The one way into the state: takes what waits, drops what is known, makes the rest durable with one fsync, folds it in, and answers all who
/// waited. While one group is being written the next one gathers, so that many callers cost as many fsyncs as one. On a slow disk the next write
/// waits a moment for the callers that were just answered: else they would miss it, and each event would take two fsyncs instead of one.
/// </summary>
internal sealed class CommitLoop : IAsyncDisposable
{
    /// <summary>How many entries, and how many bytes, end a group: with the last submission it stays far below what one frame can hold.</summary>
    private const int LargestGroup = 20_000, LargestGroupBytes = 16 * 1024 * 1024;

    /// <summary>How much of the last write's time the next one waits for callers that were just answered.</summary>
    private const double ShareOfAWrite = 0.25;

    /// <summary>A timer is no finer; a disk that is as fast as this needs no waiting.</summary>
    private static readonly TimeSpan ShortestMoment = TimeSpan.FromMilliseconds(1), LongestMoment = TimeSpan.FromMilliseconds(5);

    private readonly Channel<Submission> _waiting = Channel.CreateUnbounded<Submission>();
    private readonly Fleet _fleet;
    private readonly MetricRegistry _registry;
    private readonly ILogger _logger;
    private readonly List<Submission> _group = [];
    private readonly HashSet<(string, EventSource)> _inGroup = [];
    private readonly List<FleetEvent> _happened = [];
    private readonly Admission _admission;
    private IEventStore? _journal;
    private JournalMetrics? _metrics;
    private Task _loop = Task.CompletedTask;
    private long _nextSnapshotAt;
    private long _nextWorkAt;
    private int _snapshots;
    private int _entries;
    private long _bytes;
    private int _expected;
    private long _answeredAt;
    private TimeSpan _lastWrite;

    public CommitLoop(Fleet fleet, FleetOptions options, MetricRegistry registry, ILogger<CommitLoop> logger)
    {
        _admission = new Admission(fleet, registry, options);
        _fleet = fleet;
        _registry = registry;
        _logger = logger;
    }

    /// <summary>The clock that times writes to disk. It stays the machine's own where a test simulates the clock of events: a jump there must not make a write look hours long.</summary>
    public TimeProvider DiskTime { get; init; } = TimeProvider.System;

    /// <summary>Why nothing can be kept now, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Whether it takes submissions.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Why no events are taken now, or null where they are.</summary>
    public string? NotReady => IsRunning ? Problem : "starting or stopping";

    /// <summary>Begins to take submissions.</summary>
    /// <param name="journal">Where they are kept, or null to keep nothing.</param>
    /// <param name="metrics">The journal's metrics, with a journal.</param>
    public void Start(IEventStore? journal, JournalMetrics? metrics)
    {
        _journal = journal;
        _metrics = metrics;
        if (journal?.StartProblem is { } problem)
        {
            Fail(problem);
        }

        ShowHealth();
        IsRunning = true;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Makes items durable and folds them in.</summary>
    /// <param name="items">What happened.</param>
    /// <param name="names">How many runners their sender may bring up that nobody has heard of; null where that is not limited.</param>
    /// <returns>For each item what became of it, when all that was admitted is durable.</returns>
    /// <exception cref="JournalUnavailableException">Nothing of it was kept: it is to be tried again.</exception>
    public Task<CommitResult[]> SubmitAsync(IReadOnlyList<CommitItem> items, INameBudget? names = null)
    {
        var submission = new Submission(items, names);
        return IsRunning && _waiting.Writer.TryWrite(submission)
            ? submission.Done.Task
            : Task.FromException<CommitResult[]>(new JournalUnavailableException("the exporter is starting or stopping", isFull: false));
    }

    /// <summary>Tries to write again after a failure, and goes on with what the store has to do, though nobody has anything to keep.</summary>
    public async Task ProbeAsync()
    {
        if (Problem is not null || _journal is { HasWork: true })
        {
            try
            {
                await SubmitAsync([]);
            }
            catch (JournalUnavailableException)
            {
                // It is logged where it happened, and tried again.
            }
        }
    }

    /// <summary>Ends: what was submitted is answered, the rest refused, and a snapshot of all is left.</summary>
    public async ValueTask DisposeAsync()
    {
        IsRunning = false;
        _waiting.Writer.TryComplete();
        await _loop;
        if (_journal is { } journal)
        {
            var before = journal.Snapshots;
            TakeSnapshot();
            while (journal.Snapshots == before && Work())
            {
            }

            journal.Dispose();
            _journal = null;
        }
    }

    private async Task RunAsync()
    {
        while (await NextAsync())
        {
            (_entries, _bytes) = (0, 0);
            _group.Clear();
            Take();
            await TakeExpectedAsync();
            CommitGroup();
            _expected = _group.Count + _waiting.Reader.Count;
            _answeredAt = DiskTime.GetTimestamp();
        }
    }

    // While nobody waits, the store goes on with what it does beside the commits; who comes meanwhile waits for one step of it.
    private async ValueTask<bool> NextAsync()
    {
        while (_waiting.Reader.Count == 0 && IsRunning && Work())
        {
        }

        return await _waiting.Reader.WaitToReadAsync();
    }

    private void Take()
    {
        while (!IsFull && _waiting.Reader.TryRead(out var submission))
        {
            _group.Add(submission);
            _entries += submission.Items.Count;
            _bytes += submission.Bytes;
        }
    }

    private bool IsFull => _entries >= LargestGroup || _bytes >= LargestGroupBytes;

    private async Task TakeExpectedAsync()
    {
        var moment = _lastWrite * ShareOfAWrite;
        var left = (moment < LongestMoment ? moment : LongestMoment) - DiskTime.GetElapsedTime(_answeredAt);
        if (moment < ShortestMoment || left <= TimeSpan.Zero || _group.Count >= _expected)
        {
            return;
        }

        using var limit = new CancellationTokenSource(left, DiskTime);
        try
        {
            while (!IsFull && _group.Count < _expected && await _waiting.Reader.WaitToReadAsync(limit.Token))
            {
                Take();
            }
        }
        catch (OperationCanceledException)
        {
            // They do not come.
        }
    }

    private void CommitGroup()
    {
        try
        {
            var commit = Gather();
            if (_journal is not null && (commit.Entries.Count > 0 || Problem is not null))
            {
                Write(commit);
            }

            FoldIn();
            if (_journal is { WantsSnapshot: true } journal && journal.BytesSinceSnapshot >= _nextSnapshotAt)
            {
                TakeSnapshot();
            }

            Work();
        }
        catch (Exception e)
        {
            // Nobody must wait for ever for an answer, whatever ate it.
            Fail(e);
        }
    }

    // What is known already, or stands in this group twice, is not written again; what there is no room for is not written at all.
    private Commit Gather()
    {
        var commit = new Commit();
        _inGroup.Clear();
        _happened.Clear();
        _admission.Begin();
        foreach (var submission in _group)
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

    private void Write(Commit commit)
    {
        using var span = StartSpan(commit);
        var start = DiskTime.GetTimestamp();
        _journal!.Append(commit, _happened);
        _lastWrite = DiskTime.GetElapsedTime(start);
        ExporterTelemetry.CommitDuration.Record(_lastWrite.TotalSeconds);
        lock (_registry.Gate)
        {
            _metrics!.Commit.Observe(_lastWrite.TotalSeconds);
            _metrics.Bytes.Set(_journal.BytesSinceSnapshot);
        }

        if (Problem is not null)
        {
            Problem = null;
            ShowHealth();
            JournalLog.WritableAgain(_logger);
        }
    }

    // One write serves many callers: it is part of the first one's trace and links to the others. Where nobody traces, it is no trace of its own.
    private Activity? StartSpan(Commit commit)
    {
        if (!ExporterTelemetry.Source.HasListeners())
        {
            return null;
        }

        var callers = _group.Select(submission => submission.Caller).Where(caller => caller.TraceFlags.HasFlag(ActivityTraceFlags.Recorded)).ToArray();
        return callers is not [var first, .. var others]
            ? null
            : ExporterTelemetry.Source.StartActivity("journal commit", ActivityKind.Internal, first, links: others.Select(caller => new ActivityLink(caller)))
                ?.SetTag("runner_metrics.journal.entries", commit.Entries.Count).SetTag("runner_metrics.journal.bytes", _bytes);
    }

    private void FoldIn()
    {
        foreach (var submission in _group)
        {
            var results = submission.Results;
            lock (_registry.Gate)
            {
                for (var i = 0; i < results.Length; i++)
                {
                    results[i] = results[i].Outcome == ApplyOutcome.Accepted ? new CommitResult(Fold(_fleet, submission.Items[i])) : results[i];
                }
            }

            submission.Done.TrySetResult(results);
        }
    }

    /// <summary>Folds one item in, new or replayed.</summary>
    public static ApplyOutcome Fold(Fleet fleet, CommitItem item)
    {
        if (item.Event is not null)
        {
            return fleet.Apply(item.Event, item.Source);
        }

        fleet.Settle(item.Source, item.Entry.Settled.OccurredAt.ToDateTimeOffset());
        return ApplyOutcome.Accepted;
    }

    private void TakeSnapshot()
    {
        try
        {
            _journal!.Snapshot(_fleet.Save);
            _nextSnapshotAt = 0;
            ShowSnapshots();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            PutOff(e);
        }
    }

    // False where there is nothing to do, or it cannot be done now.
    private bool Work()
    {
        if (_journal is not { HasWork: true } journal || Problem is not null || DiskTime.GetTimestamp() < _nextWorkAt)
        {
            return false;
        }

        try
        {
            journal.Step();
            ShowSnapshots();
            return journal.HasWork;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _nextWorkAt = DiskTime.GetTimestamp() + (60 * DiskTime.TimestampFrequency);
            PutOff(e);
            return false;
        }
    }

    private void PutOff(Exception e)
    {
        _nextSnapshotAt = _journal!.BytesSinceSnapshot + (4 * 1024 * 1024);
        JournalLog.NoSnapshot(_logger, e.Message);
    }

    private void ShowSnapshots()
    {
        var (journal, metrics) = (_journal!, _metrics!);
        lock (_registry.Gate)
        {
            for (; _snapshots < journal.Snapshots; _snapshots++)
            {
                metrics.Snapshots.Increment();
            }

            metrics.Bytes.Set(journal.BytesSinceSnapshot);
        }
    }

    private void Fail(Exception e)
    {
        const int NoSpace = 28, OverQuota = 122; // ENOSPC and EDQUOT, which .NET keeps as they are in HResult
        const int DiskFull = unchecked((int)0x80070070); // ERROR_DISK_FULL
        if (Problem is null)
        {
            JournalLog.NotWritable(_logger, e.Message);
        }

        Problem = e.Message;
        lock (_registry.Gate)
        {
            _metrics?.Failures.Increment();
        }

        ShowHealth();
        foreach (var submission in _group)
        {
            submission.Done.TrySetException(new JournalUnavailableException($"the event could not be kept: {e.Message}", e.HResult is NoSpace or OverQuota or DiskFull));
        }
    }

    private void ShowHealth()
    {
        lock (_registry.Gate)
        {
            _metrics?.Writable.Set(Problem is null ? 1 : 0);
        }
    }

    private sealed class Submission(IReadOnlyList<CommitItem> items, INameBudget? names)
    {
        public INameBudget? Names => names;

        public IReadOnlyList<CommitItem> Items { get; } = items;

        /// <summary>How large it is on disk, about; worked out by the caller's thread.</summary>
        public long Bytes { get; } = items.Sum(item => (long)item.Entry.CalculateSize());

        public ActivityContext Caller { get; } = Activity.Current?.Context ?? default;

        public CommitResult[] Results { get; } = new CommitResult[items.Count];

        public TaskCompletionSource<CommitResult[]> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
