using System.Net.Sockets;

namespace RunnerMetrics.Grpc.Tests;

/// <summary>A handler that counts its connections.</summary>
internal sealed class ConnectionCounter
{
    private int _count;

    public ConnectionCounter()
    {
        Handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                Interlocked.Increment(ref _count);
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
    }

    public SocketsHttpHandler Handler { get; }

    public int Count => _count;
}
