using System.Buffers;
using Google.Protobuf;
using RunnerMetrics.Core.Storage;
using RunnerMetrics.Exporter.Journal.V1;

namespace RunnerMetrics.Exporter.Journal;

/// <summary>
/// What happened, on disk: segments of commits behind a snapshot of all that came before. One writer uses it, from one thread at a time.
/// </summary>
internal sealed class EventJournal : IDisposable
{
    /// <summary>What every segment begins with; the last byte is the format's version.</summary>
    public static readonly byte[] Header = [.. "RMjournal"u8, 1];

    private readonly IStorageFolder _storage;
    private readonly JournalOptions _options;
    private readonly ArrayBufferWriter<byte> _frame = new(64 * 1024);
    private IStorageFile? _segment;
    private long _number;
    private long _durableLength;
    private long _bytesSinceSnapshot;
    private bool _torn;

    private EventJournal(IStorageFolder storage, JournalOptions options, long number)
    {
        _storage = storage;
        _options = options;
        _number = number;
    }

    /// <summary>How many bytes stand behind the last snapshot.</summary>
    public long BytesSinceSnapshot => _bytesSinceSnapshot;

    /// <summary>Whether it is time for a snapshot.</summary>
    public bool WantsSnapshot => _bytesSinceSnapshot >= _options.SnapshotAfter;

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
        var last = reader.Read(load, replay);
        recovery = reader.Recovery;
        var journal = new EventJournal(storage, options, last + 1) { _bytesSinceSnapshot = recovery.ReplayedBytes };
        journal.StartSegment();
        return journal;
    }

    /// <summary>Writes a commit and makes it durable. When it returns, it is; when it throws, nothing of it will be read again.</summary>
    /// <exception cref="IOException">It is not durable: nothing of it may be acknowledged, or folded into the state.</exception>
    public void Append(Commit commit)
    {
        if (_torn)
        {
            StartSegment();
        }

        _frame.ResetWrittenCount();
        _frame.GetSpan(Frame.HeaderLength);
        _frame.Advance(Frame.HeaderLength);
        commit.WriteTo(_frame);
        var frame = System.Runtime.InteropServices.MemoryMarshal.AsMemory(_frame.WrittenMemory).Span;
        Frame.WriteHeader(frame);
        try
        {
            _segment!.Write(frame);
            _segment.Sync();
        }
        catch (IOException)
        {
            // After a failed fsync the kernel may have dropped what it could not write: only another file can be trusted again.
            _torn = true;
            throw;
        }

        _durableLength = _segment.Length;
        _bytesSinceSnapshot += frame.Length;
    }

    /// <summary>Writes a snapshot of the state, which holds everything appended so far, and lets go of what it replaces.</summary>
    /// <exception cref="IOException">There is no snapshot; the journal goes on as it was.</exception>
    public void Snapshot(Action<BinaryWriter> save)
    {
        // From here on the new segment is the one behind the snapshot.
        StartSegment();
        SnapshotFile.Write(_storage, _number, save);
        _bytesSinceSnapshot = 0;
        foreach (var name in _storage.List())
        {
            if ((FileNames.IsSegment(name, out var segment) && segment < _number)
                || (FileNames.IsSnapshot(name, out var snapshot) && snapshot < _number))
            {
                _storage.Delete(name);
            }
        }
    }

    public void Dispose() => _segment?.Dispose();

    private void StartSegment()
    {
        if (_torn)
        {
            // What was not acknowledged must not come back: it would, from a page that the kernel did write after all.
            _segment!.Truncate(_durableLength);
            _segment.Sync();
        }

        var number = _segment is null ? _number : _number + 1;
        var name = FileNames.Segment(number);
        var segment = _storage.Create(name);
        try
        {
            segment.Write(Header);
            segment.Sync();
            _storage.SyncFolder();
        }
        catch
        {
            segment.Dispose();
            _storage.Delete(name);
            throw;
        }

        _segment?.Dispose();
        (_segment, _number, _durableLength, _torn) = (segment, number, segment.Length, false);
    }
}
