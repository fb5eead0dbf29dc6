using System.Globalization;
using System.Text;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>
/// The store's position, in a separate file beside it. A store that ends before it was restored from a copy, or has lost commits; so has one that contains
/// commits and has no such file. The mark is written at the start, once a minute if there is something new, and at shutdown: never before the commit that it names.
/// </summary>
internal sealed class PositionMark
{
    /// <summary>Its name in the data folder: two lines, the position of a commit, and when a start last found the store behind it.</summary>
    public const string Name = "store.position";

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly DiskFolder _storage;
    private readonly TimeProvider _time;
    private long _triedAt;
    private long _marked = -1;

    private PositionMark(DiskFolder storage, TimeProvider time, DateTimeOffset? restoredAt)
    {
        _storage = storage;
        _time = time;
        RestoredAt = restoredAt;
    }

    /// <summary>When a start last found the store behind its mark; null if none did.</summary>
    public DateTimeOffset? RestoredAt { get; }

    /// <summary>Whether this start did.</summary>
    public bool IsBehind { get; private init; }

    /// <summary>Compares a store with its mark.</summary>
    /// <param name="storage">The folder of both.</param>
    /// <param name="position">The position of the store's last commit.</param>
    /// <param name="time">The clock.</param>
    public static PositionMark Open(DiskFolder storage, long position, TimeProvider time)
    {
        var (marked, restoredAt) = Read(storage);
        var isBehind = position < marked || (marked < 0 && position > 0);
        return new PositionMark(storage, time, isBehind ? time.GetUtcNow() : restoredAt) { IsBehind = isBehind };
    }

    /// <summary>Whether it is time to write a position.</summary>
    public bool IsDue(long position) => position != _marked && _time.GetElapsedTime(_triedAt) >= Every;

    /// <summary>Writes the position of a commit that is durable. If that fails the mark stays behind and is retried: no commit waits for it.</summary>
    public void Write(long position)
    {
        const string New = Name + ".new";
        if (position == _marked)
        {
            return;
        }

        _triedAt = _time.GetTimestamp();
        try
        {
            using (var file = _storage.Create(New))
            {
                file.Write(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{position}\n{RestoredAt:O}\n")));
                file.Sync();
            }

            _storage.Rename(New, Name);
            _storage.SyncFolder();
            _marked = position;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _marked = -1;
        }
    }

    // Without a valid mark, the store's earlier position is not known.
    private static (long Position, DateTimeOffset? RestoredAt) Read(DiskFolder storage)
    {
        var path = Path.Combine(storage.Folder, Name);
        var lines = File.Exists(path) ? File.ReadAllText(path).Split('\n') : [];
        return lines.Length > 1 && long.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out var position)
            ? (position, DateTimeOffset.TryParseExact(lines[1], "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null)
            : (-1, null);
    }
}
