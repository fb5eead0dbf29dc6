using System.Buffers.Binary;
using System.Numerics;
using RunnerMetrics.Core.Storage;

namespace RunnerMetrics.Exporter.Journal;

/// <summary>
/// A snapshot: a header, what the state wrote, and a CRC-32C over all of it. It is written aside and renamed when it is durable, so a name
/// that is there is a whole snapshot.
/// </summary>
internal static class SnapshotFile
{
    private static ReadOnlySpan<byte> Header => "RMsnapshot\x01"u8;

    /// <summary>Writes a snapshot and makes it durable.</summary>
    public static void Write(IStorageFolder storage, long number, Action<BinaryWriter> save)
    {
        var name = FileNames.Snapshot(number);
        try
        {
            WriteAside(storage, name + FileNames.Temporary, save);
        }
        catch
        {
            // On a full disk half a snapshot would take what little room there is.
            TryDelete(storage, name + FileNames.Temporary);
            throw;
        }

        storage.Rename(name + FileNames.Temporary, name);
        storage.SyncFolder();
    }

    /// <summary>Reads a snapshot.</summary>
    /// <returns>False where it is damaged.</returns>
    /// <exception cref="StorageException">It is sound, but of a version that this exporter does not know.</exception>
    public static bool TryRead(IStorageFolder storage, long number, Action<BinaryReader> load, out int length)
    {
        var name = FileNames.Snapshot(number);
        var bytes = ReadAll(storage, name);
        length = bytes.Length;
        var body = bytes.AsSpan(0, Math.Max(0, bytes.Length - sizeof(uint)));
        if (body.Length < Header.Length || !body.StartsWith(Header[..^1])
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(body.Length)) != ~Crc(uint.MaxValue, body))
        {
            return false;
        }

        var path = Path.Combine(storage.Folder, name);
        if (body[Header.Length - 1] != Header[^1])
        {
            throw new StorageException(
                $"{path} has the format version {body[Header.Length - 1]}, and this program knows {Header[^1]}: run the version that wrote it, or a later one");
        }

        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes, Header.Length, body.Length - Header.Length, writable: false));
            load(reader);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new StorageException($"{path} cannot be read: {e.Message}", e);
        }

        return true;
    }

    public static byte[] ReadAll(IStorageFolder storage, string name)
    {
        using var stream = storage.OpenRead(name);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static void WriteAside(IStorageFolder storage, string name, Action<BinaryWriter> save)
    {
        using var file = storage.Create(name);
        using var stream = new ChecksumStream(file);
        stream.Write(Header);
        using (var writer = new BinaryWriter(stream, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            save(writer);
        }

        stream.Finish();
        file.Sync();
    }

    private static void TryDelete(IStorageFolder storage, string name)
    {
        try
        {
            storage.Delete(name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is removed at the next start.
        }
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc;
    }

    private sealed class ChecksumStream(IStorageFile file) : Stream
    {
        private readonly byte[] _buffer = new byte[1 << 16];
        private int _buffered;
        private uint _crc = uint.MaxValue;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> bytes)
        {
            while (bytes.Length > 0)
            {
                var fits = Math.Min(bytes.Length, _buffer.Length - _buffered);
                bytes[..fits].CopyTo(_buffer.AsSpan(_buffered));
                _buffered += fits;
                bytes = bytes[fits..];
                if (_buffered == _buffer.Length)
                {
                    Drain();
                }
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public void Finish()
        {
            Drain();
            Span<byte> sum = stackalloc byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32LittleEndian(sum, ~_crc);
            file.Write(sum);
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private void Drain()
        {
            _crc = Crc(_crc, _buffer.AsSpan(0, _buffered));
            file.Write(_buffer.AsSpan(0, _buffered));
            _buffered = 0;
        }
    }
}
