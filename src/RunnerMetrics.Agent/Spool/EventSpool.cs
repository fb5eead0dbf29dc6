using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Agent.Spool.V1;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Spool;

/// <summary>
/// Events on disk until the collector has settled them, numbered, and with them the place in the logs that was read: one frame of the file is
/// the events of one round and the place behind them, so that the two never disagree. Safe for a thread that appends and one that delivers.
/// </summary>
/// <remarks>
/// Bounds. A file that is <see cref="SpoolOptions.MaxBytes"/> long takes no more: the logs, which hold the same, wait on disk until the collector
/// takes something, and nothing is dropped. What has waited for <see cref="SpoolOptions.MaxAge"/> and is refused once more is dropped, oldest first;
/// how much that was ever is kept in the file and told in every heartbeat.
/// <para>Sequences. A sequence is given with the frame that makes it durable, and never again to another event: where the end of the file cannot
/// be read, as many are skipped as events can have stood there. A spool that is gone, or of which nothing can be read, becomes another sender.</para>
/// <para>Failures. What was settled need not be durable: it goes with the next frame, and what is sent once more the collector knows. After a
/// failed fsync the file is not written to again; a new one takes over what was durable of it. Until that can be written, nothing is appended.</para>
/// </remarks>
internal sealed partial class EventSpool : IDisposable
{
    public const string FileName = "spool";
    public const string Temporary = "spool.tmp";
    public const string SetAside = "spool.damaged";

    /// <summary>The collector takes 4 MB at once; a larger single event goes alone.</summary>
    private const int LargestBatch = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly IStorageFolder _storage;
    private readonly SpoolOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SequenceSet _settled = new();
    private readonly SequenceSet _unsaved = new();
    private readonly KnownEvents _known = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _senderId;
    private ulong _next = 1;
    private ulong _lost;
    private DiagCheckpoint? _place;
    private long _live;
    private long _liveBytes;
    private long _cursorOffset = SpoolFormat.Header.Length;
    private ulong _passed;
    private StorageException? _closedFor;

    private EventSpool(IStorageFolder storage, SpoolOptions options, TimeProvider time, ILogger logger)
    {
        _storage = storage;
        _options = options;
        _time = time;
        _logger = logger;
    }

    /// <summary>Who sends: the same for as long as sequences continue.</summary>
    public string SenderId => _senderId!;

    /// <summary>The folder.</summary>
    public IStorageFolder Storage => _storage;

    /// <summary>Its name, for messages.</summary>
    public string Folder => _storage.Folder;

    /// <summary>Where reading the logs continues after a start; null: from the beginning.</summary>
    public DiagCheckpoint? Place => Locked(() => _place);

    /// <summary>How many events were dropped, ever.</summary>
    public ulong Lost => Locked(() => _lost);

    /// <summary>How many events wait.</summary>
    public long Waiting => Locked(() => _live);

    /// <summary>Whether events wait that were sent and not settled.</summary>
    public bool HasKept => Locked(() => _live > 0 && _passed >= _next - 1);

    /// <summary>Completes when something is appended next, or can be read that could not.</summary>
    public Task Changed => Locked(() => _changed.Task);

    /// <summary>Opens the spool of a folder, which is made if there is none.</summary>
    /// <exception cref="IOException">It cannot be read. That it cannot be written is no error: it is tried again.</exception>
    public static EventSpool Open(IStorageFolder storage, SpoolOptions options, TimeProvider time, ILogger logger)
    {
        var spool = new EventSpool(storage, options, time, logger);
        spool.Recover();
        return spool;
    }

    /// <summary>Whether to append now: not while writing fails, until it is time to try again, and not while the spool is full.</summary>
    /// <exception cref="StorageException">It is closed, to be opened again.</exception>
    public bool IsReady()
    {
        lock (_gate)
        {
            ThrowIfClosed();
            if (_failures > 0)
            {
                return _time.GetTimestamp() >= _tryAgainAt && TryRepair();
            }

            if (_length < _options.MaxBytes)
            {
                _saidFull = false;
                return true;
            }

            TryCompact();
            if (_length >= _options.MaxBytes && !_saidFull)
            {
                _saidFull = true;
                SpoolLog.Full(_logger, _storage.Folder, _length);
            }

            return _length < _options.MaxBytes;
        }
    }

    /// <summary>
    /// Takes the events of a round of reading and the place behind them. When it returns, they are durable. Events that were taken before
    /// are left out; if none is left, the place is noted only now and then.
    /// </summary>
    /// <exception cref="IOException">Neither is durable: both must be given again.</exception>
    /// <exception cref="StorageException">It is closed, to be opened again.</exception>
    public void Append(IReadOnlyList<Event> events, DiagCheckpoint place)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            var fresh = events.Where(happened => !_known.Contains(happened.EventId)).DistinctBy(happened => happened.EventId).ToList();
            if (fresh.Count == 0 && !SpoolPlace.IsFar(place, _place))
            {
                return;
            }

            var next = _next;
            foreach (var happened in fresh)
            {
                happened.Sequence = next++;
            }

            var frame = new SpoolFrame { WrittenAt = Timestamp.FromDateTimeOffset(_time.GetUtcNow()), Place = SpoolPlace.ToPlace(place), NextSequence = next };
            frame.Events.AddRange(fresh);
            Save(frame);
            _next = next;
            _place = place;
            foreach (var happened in fresh)
            {
                _known.Add(happened);
                _live++;
                _liveBytes += happened.CalculateSize();
            }

            TryCompact();
            if (fresh.Count > 0)
            {
                SignalChange();
            }
        }
    }

    /// <summary>The next events to send, or null if all were sent; the same again until they are passed.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="StorageException">The file was damaged, or removed, while it was in use: it must be opened again.</exception>
    public SpoolBatch? Next(int count)
    {
        lock (_gate)
        {
            if (!_isReadable || _live == 0 || _passed >= _next - 1)
            {
                return null;
            }

            using var reader = OpenReader(_cursorOffset);
            var events = new List<Event>();
            var bytes = 0;
            while (reader.Read() is { } frame)
            {
                foreach (var waiting in frame.Events.Where(e => e.Sequence > _passed && !_settled.Contains(e.Sequence)))
                {
                    bytes += waiting.CalculateSize();
                    if (events.Count == count || (bytes > LargestBatch && events.Count > 0))
                    {
                        return new SpoolBatch(events, reader.FrameOffset, _generation);
                    }

                    events.Add(waiting);
                }
            }

            if (!reader.IsAtEnd)
            {
                throw new StorageException($"{_storage.Folder} contains a spool that was damaged while it was in use, at offset {reader.Offset}");
            }

            if (events.Count == 0)
            {
                (_passed, _cursorOffset) = (_next - 1, _length);
                return null;
            }

            return new SpoolBatch(events, reader.FrameOffset, _generation);
        }
    }

    /// <summary>Records what of a batch the collector has settled, and continues behind the batch. The rest is sent again after <see cref="Rewind"/>.</summary>
    public void Pass(SpoolBatch batch, IReadOnlySet<string> settledIds)
    {
        lock (_gate)
        {
            foreach (var settled in batch.Events.Where(sent => settledIds.Contains(sent.EventId) && !_settled.Contains(sent.Sequence)))
            {
                _settled.Add(settled.Sequence);
                _unsaved.Add(settled.Sequence);
                _live--;
                _liveBytes -= settled.CalculateSize();
            }

            _passed = batch.Events[^1].Sequence;
            _cursorOffset = batch.Generation == _generation ? batch.Offset : _cursorOffset;
            SaveSettled();
            TryCompact();
        }
    }

    /// <summary>Goes back to the first event that is not settled.</summary>
    public void Rewind()
    {
        lock (_gate)
        {
            (_passed, _cursorOffset) = (0, SpoolFormat.Header.Length);
        }
    }

    /// <summary>Closes it, so that it can be opened again: appending then fails with that reason.</summary>
    public void Close(StorageException reason)
    {
        lock (_gate)
        {
            _closedFor ??= reason;
            Dispose();
        }
    }

    public void Dispose() => _file?.Dispose();

    private void ThrowIfClosed()
    {
        if (_closedFor is { } reason)
        {
            throw new StorageException(reason.Message, reason);
        }
    }

    private SpoolReader OpenReader(long offset)
    {
        try
        {
            var reader = new SpoolReader(_storage.OpenRead(FileName), _length);
            reader.MoveTo(offset);
            return reader;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StorageException($"{_storage.Folder} contained a spool that was removed while it was in use", gone);
        }
    }

    private void SignalChange()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_gate)
        {
            return read();
        }
    }
}
