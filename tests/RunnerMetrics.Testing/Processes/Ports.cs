using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace RunnerMetrics.Testing;

/// <summary>Ports for programs that must be told one. Whatever can choose its own gets 0 instead.</summary>
public static class Ports
{
    // Below what systems hand out to those who ask for any port: nobody gets one of these by chance.
    private const int First = 20_000, Count = 10_000;

    private static readonly ConcurrentBag<Socket> Reservations = [];

    /// <summary>
    /// A TCP port of 127.0.0.1 that nobody listens on, and that no other test module is given while this one lives: its UDP twin is held, by which they see that it is taken.
    /// </summary>
    public static int Reserve()
    {
        var start = Random.Shared.Next(Count);
        for (var i = 0; i < Count; i++)
        {
            var address = new IPEndPoint(IPAddress.Loopback, First + ((start + i) % Count));
            var twin = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                twin.Bind(address);
                using var probe = new TcpListener(address);
                probe.Start();
                Reservations.Add(twin);
                return address.Port;
            }
            catch (SocketException)
            {
                twin.Dispose();
            }
        }

        throw new InvalidOperationException($"Each port from {First} to {First + Count - 1} is taken.");
    }
}
