using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace RunnerMetrics.EndToEnd.Tests.Hostile;

/// <summary>A connection to the exporter's HTTP port by somebody who has no secret, and says what no client library would.</summary>
internal sealed class Stranger : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private Stranger()
    {
    }

    public static async Task<Stranger> ConnectAsync(Uri url, CancellationToken cancelled)
    {
        var stranger = new Stranger();
        try
        {
            await stranger._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, url.Port), cancelled);
            return stranger;
        }
        catch
        {
            stranger.Dispose();
            throw;
        }
    }

    /// <summary>Sends the head of a delivery, with a signature of the right form or with none.</summary>
    public Task SendHeadAsync(int length, CancellationToken cancelled, bool isSigned = true) => SendAsync(
        Encoding.ASCII.GetBytes(
            $"POST /webhooks/github HTTP/1.1\r\nHost: exporter\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nX-GitHub-Event: workflow_job\r\n"
            + $"X-GitHub-Delivery: {Guid.NewGuid()}\r\n{(isSigned ? $"X-Hub-Signature-256: sha256={Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}\r\n" : "")}\r\n"),
        cancelled);

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancelled)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await _socket.SendAsync(bytes, cancelled)..];
        }
    }

    /// <summary>Everything that is answered until the exporter closes the connection.</summary>
    public async Task<string> ReadToEndAsync(CancellationToken cancelled)
    {
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await _socket.ReceiveAsync(buffer, cancelled) is > 0 and var read)
            {
                answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // It was reset: that is an end too.
        }

        return answer.ToString();
    }

    public void Dispose() => _socket.Dispose();
}
