using System.Buffers.Binary;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;

namespace RunnerMetrics.Exporter.Collector;

/// <summary>
/// gzip whose messages are whole, and inflate to a limit and no further. .NET's GZipStream takes a message that was cut short for a shorter one. Grpc.AspNetCore 2.85
/// refuses a message that is too long once inflated; that it stops inflating there is not known of it, and is made sure of here, since 4 MiB can become 4 GiB.
/// </summary>
/// <param name="limit">The most bytes of a message.</param>
internal sealed class BoundedGzip(int limit) : ICompressionProvider
{
    public const string Name = "gzip";

    public string EncodingName => Name;

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        new GZipStream(stream, compressionLevel ?? CompressionLevel.Fastest, leaveOpen: true);

    public Stream CreateDecompressionStream(Stream stream) => new Inflated(new Tail(stream), limit);

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
    private sealed class Inflated(Tail compressed, int limit) : ForwardStream
    {
        private readonly GZipStream _gzip = new(compressed, CompressionMode.Decompress);
        private int _inflated;

        public override int Read(Span<byte> buffer)
        {
            var count = _gzip.Read(buffer);
            _inflated += count;
            if (_inflated > limit)
            {
                throw new RpcException(new Status(StatusCode.ResourceExhausted, $"the message inflates to more than {limit} bytes: send fewer events in one batch"));
            }

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
