using System.Buffers.Binary;
using System.IO.Compression;
using Grpc.Net.Compression;

namespace RunnerMetrics.Exporter.Collector;

/// <summary>gzip whose messages are whole: .NET's GZipStream accepts a truncated message as a shorter one. How far a message inflates is the library's to limit.</summary>
internal sealed class WholeGzip : ICompressionProvider
{
    public const string Name = "gzip";

    public string EncodingName => Name;

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        new GZipStream(stream, compressionLevel ?? CompressionLevel.Fastest, leaveOpen: true);

    public Stream CreateDecompressionStream(Stream stream) => new Inflated(new Tail(stream));

    /// <summary>A stream that is only read, forward.</summary>
    private abstract class ForwardStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public abstract override int Read(Span<byte> buffer);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    /// <summary>Remembers the last four bytes that were read: what gzip says is the inflated length (RFC 1952, section 2.3.1, ISIZE).</summary>
    private sealed class Tail(Stream compressed) : ForwardStream
    {
        private readonly byte[] _last = new byte[sizeof(uint)];

        public uint InflatedLength => BinaryPrimitives.ReadUInt32LittleEndian(_last);

        public override int Read(Span<byte> buffer)
        {
            var count = compressed.Read(buffer);
            var read = buffer[..count];
            var kept = Math.Max(0, _last.Length - count);
            _last.AsSpan(_last.Length - kept).CopyTo(_last);
            read[^(_last.Length - kept)..].CopyTo(_last.AsSpan(kept));
            return count;
        }
    }

    /// <summary>What Grpc.AspNetCore copies to its end.</summary>
    private sealed class Inflated(Tail compressed) : ForwardStream
    {
        private readonly GZipStream _gzip = new(compressed, CompressionMode.Decompress);
        private uint _inflated;

        public override int Read(Span<byte> buffer)
        {
            var count = _gzip.Read(buffer);
            _inflated += (uint)count;
            return count > 0 || buffer.IsEmpty || compressed.InflatedLength == _inflated
                ? count
                : throw new InvalidDataException("The message ends before its gzip does.");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _gzip.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
