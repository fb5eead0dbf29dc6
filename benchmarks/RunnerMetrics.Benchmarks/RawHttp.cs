using System.Net.Sockets;
using System.Text;

namespace RunnerMetrics.Benchmarks;

/// <summary>A client that costs as little as one can: one request, and everything that comes until the server closes.</summary>
internal sealed class RawHttp
{
    private readonly byte[] _buffer = new byte[1024 * 1024];

    /// <summary>Where the bytes of the last answer end, and what its tail says.</summary>
    public string Tail { get; private set; } = "";

    public async Task<long> GetAsync(Uri url, bool gzip, bool openMetrics = false)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(url.Host, url.Port);
        var encoding = gzip ? "Accept-Encoding: gzip\r\n" : "";
        var accept = openMetrics ? "Accept: application/openmetrics-text;version=1.0.0\r\n" : "";
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\n{encoding}{accept}Connection: close\r\n\r\n"));
        long total = 0;
        var first = true;
        while (await socket.ReceiveAsync(_buffer) is > 0 and var read)
        {
            if (first && !_buffer.AsSpan(0, 12).SequenceEqual("HTTP/1.1 200"u8))
            {
                throw new InvalidOperationException(Encoding.ASCII.GetString(_buffer, 0, Math.Min(read, 200)));
            }

            first = false;
            total += read;
        }

        return total;
    }
}
