using System.Buffers;
using Google.Protobuf;
using RunnerMetrics.Core.Events;
using RunnerMetrics.Core.Storage;
using RunnerMetrics.Exporter.Journal.V1;
using RunnerMetrics.Exporter.Store;

namespace RunnerMetrics.Exporter.Journal;

/// <summary>
/// What happened, on disk: segments of commits behind a snapshot of all that came before. One writer uses it, from one thread at a time.
/// </summary>
internal sealed class EventJournal : IEventStore
{
    /// <summary>What every segment begins with; the last byte is the format's version.</summary>
    public static readonly byte[] Header = [.. "RMjournal"u8, 1];

    private readonly IStorageFolder _storage;
    private readonly JournalOptions _options;
    private readonly ArrayBufferWriter<byte> _frame = new(64 * 1024);
    private IStorageFile? _segment;
    private long _next;
    private long _durableLength;
    private long _bytesSinceSnapshot;
    private bool _isSpent = true;
    private bool _isTorn;

    private EventJournal(IStorageFolder storage, JournalOptions options, long next)
    {
        _storage = storage;
        _options = options;
        _next = next;
    }

    /// <summary>Why nothing can be written since the journal was opened, or null: it is tried again by whatever is written next.</summary>
    public Exception? StartProblem { get; private set; }

    /// <summary>How many bytes stand behind the last snapshot.</summary>
    public long BytesSinceSnapshot => _bytesSinceSnapshot;

    /// <summary>Whether it is time for a snapshot.</summary>
    public bool WantsSnapshot => _bytesSinceSnapshot >= _options.SnapshotAfter;

    /// <inheritdoc/>
    public int Snapshots { get; private set; }

    /// <inheritdoc/>
    public bool HasWork => false;

    /// <summary>Reads what is there, and opens a journal behind it.</summary>
    /// <param name="storage">The files.</param>
    /// <param name="options">How large the parts grow.</param>
    /// <param name="load">Takes the snapshot, where there is one; it is called first.</param>
    /// <param name="replay">Takes every commit behind it, in order.</param>
    /// <param name="recovery">What was cut off and set aside.</param>
    /// <exception cref="StorageException">Something in the middle is damaged.</exception>
    public static EventJournal Open(
        IStorageFolder storage, JournalOptions options, Action<BinaryReader> load, Action<Commit> replay, out JournalRecovery recovery)
    {
        var reader = new JournalReader(storage, options.Repair);
        var next = reader.Read(load, replay);
        recovery = reader.Recovery;
        var journal = new EventJournal(storage, options, next) { _bytesSinceSnapshot = recovery.ReplayedBytes };
        try
        {
            journal.StartSegment();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that is full now has room later, and what was kept can be read meanwhile.
            journal.StartProblem = e;
        }

        return journal;
    }

    /// <summary>Writes a commit and makes it durable. When it returns, it is; when it throws, nothing of it will be read again.</summary>
    /// <exception cref="IOException">It is not durable: nothing of it may be acknowledged, or folded into the state.</exception>
    /// <exception cref="InvalidOperationException">It is longer than a frame can be; nothing was written.</exception>
    public void Append(Commit commit)
    {
        var frame = FrameOf(commit);
        if (_isSpent)
        {
            StartSegment();
        }

        try
        {
            _segment!.Write(frame);
            _segment.Sync();
        }
        catch
        {
            // After a failed fsync the kernel may have dropped what it could not write: only another file can be trusted again.
            _isSpent = _isTorn = true;
            TryCut();
            throw;
        }

        _durableLength = _segment.Length;
        _bytesSinceSnapshot += frame.Length;
    }

    /// <inheritdoc/>
    public void Append(Commit commit, IReadOnlyList<FleetEvent> happened) => Append(commit);

    /// <inheritdoc/>
    public void Step()
    {
    }

    /// <summary>Writes a snapshot of the state, which holds everything appended so far, and lets go of what it replaces.</summary>
    /// <exception cref="IOException">There is no snapshot; the journal goes on as it was.</exception>
    public void Snapshot(Action<BinaryWriter> save)
    {
        // The new segment is the one behind the snapshot.
        StartSegment();
        var number = _next - 1;
        SnapshotFile.Write(_storage, number, save);
        _bytesSinceSnapshot = 0;
        Snapshots++;
        foreach (var name in _storage.List())
        {
            if ((FileNames.IsSegment(name, out var segment) && segment < number)
                || (FileNames.IsSnapshot(name, out var snapshot) && snapshot < number))
            {
                _storage.Delete(name);
            }
        }
    }

    public void Dispose() => _segment?.Dispose();

    private ReadOnlySpan<byte> FrameOf(Commit commit)
    {
        _frame.ResetWrittenCount();
        _frame.GetSpan(Frame.HeaderLength);
        _frame.Advance(Frame.HeaderLength);
        commit.WriteTo(_frame);
        var payload = _frame.WrittenCount - Frame.HeaderLength;
        if (payload > Frame.MaxPayload)
        {
            throw new InvalidOperationException($"a commit of {payload} bytes is longer than the {Frame.MaxPayload} that can be read again");
        }

        var frame = System.Runtime.InteropServices.MemoryMarshal.AsMemory(_frame.WrittenMemory).Span;
        Frame.WriteHeader(frame);
        return frame;
    }

    private void StartSegment()
    {
        // The new file may be there after a crash, and a torn write in front of it would pass for damage: the old one is not written to again.
        _isSpent = true;
        if (_isTorn)
        {
            Cut();
        }

        var segment = _storage.Create(FileNames.Segment(_next));
        try
        {
            segment.Write(Header);
            segment.Sync();
            _storage.SyncFolder();
        }
        catch
        {
            segment.Dispose();
            throw;
        }

        _segment?.Dispose();
        (_segment, _durableLength, _isSpent) = (segment, segment.Length, false);
        _next++;
    }

    // What was not acknowledged must not come back: it would, from a page that the kernel did write after all.
    private void Cut()
    {
        _segment!.Truncate(_durableLength);
        _segment.Sync();
        _isTorn = false;
    }

    private void TryCut()
    {
        try
        {
            Cut();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing is written before it is cut.
        }
    }
}
