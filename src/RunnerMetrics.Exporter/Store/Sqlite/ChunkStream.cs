using Microsoft.Data.Sqlite;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Exporter.Store.Sqlite;

/// <summary>The bytes of a snapshot, chunk by chunk; none of a chunk before its checksum is seen to be right.</summary>
internal sealed class ChunkStream(SqliteDataReader rows, long snapshot, long chunks, Func<string, StorageException> damaged) : Stream
{
    private byte[] _chunk = [];
    private int _at;
    private long _number;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_at == _chunk.Length && !Next())
        {
            return 0;
        }

        var count = Math.Min(buffer.Length, _chunk.Length - _at);
        _chunk.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private bool Next()
    {
        if (_number == chunks)
        {
            return false;
        }

        var id = StoreReader.Chunk(snapshot, _number);
        if (!rows.Read() || rows.GetInt64(0) != id)
        {
            throw damaged("a part of the snapshot is missing");
        }

        (_chunk, _at) = (rows.GetFieldValue<byte[]>(1), 0);
        if (rows.GetInt64(2) != Checksum.Of(_chunk, id))
        {
            throw damaged("a part of the snapshot has a wrong checksum");
        }

        _number++;
        return true;
    }
}
