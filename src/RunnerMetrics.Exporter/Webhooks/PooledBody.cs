using System.Buffers;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>The raw bytes of a request, in memory that is used again.</summary>
internal sealed class PooledBody : IDisposable
{
    private const int FirstRoom = 32 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(FirstRoom);
    private int _length;

    private PooledBody()
    {
    }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Reads a body. It takes room as the bytes come: a length that is only claimed takes none.</summary>
    /// <returns>The body, or null where it passes the limit.</returns>
    public static async Task<PooledBody?> ReadAsync(Stream stream, int limit, CancellationToken cancelled)
    {
        var body = new PooledBody();
        try
        {
            while (await stream.ReadAsync(body._bytes.AsMemory(body._length), cancelled) is > 0 and var read)
            {
                body._length += read;
                if (body._length > limit)
                {
                    body.Dispose();
                    return null;
                }

                body.MakeRoom();
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, _length) = ([], 0);
    }

    private void MakeRoom()
    {
        if (_length == _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(2 * _length);
            Bytes.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }
    }
}
