using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RunnerMetrics.AppHost.Preflight;

/// <summary>Finds ports of the stack that are in use.</summary>
internal static class PortCheck
{
    /// <summary>A problem for each port that is in use.</summary>
    /// <param name="ports">The ports, each with what chooses another.</param>
    public static IEnumerable<string> FindProblems(IEnumerable<(int Port, string What, string Setting)> ports)
    {
        foreach (var (port, what, setting) in ports)
        {
            if (!IsFree(port))
            {
                var by = PortOwner.Find(port) is { } owner ? $"by {owner}" : "by another program";
                yield return string.Create(CultureInfo.InvariantCulture, $"Port {port} ({what}) is in use {by}: stop it, or choose another port with {setting}.");
            }
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
