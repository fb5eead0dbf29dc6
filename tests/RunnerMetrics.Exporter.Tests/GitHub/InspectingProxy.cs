using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace RunnerMetrics.Exporter.Tests.GitHub;

/// <summary>A proxy as companies have them: it takes <c>CONNECT</c>, reads along by a certificate of an authority of its own, and asks a server behind it.</summary>
internal sealed class InspectingProxy : IAsyncDisposable
{
    private static readonly DateTimeOffset From = DateTimeOffset.UnixEpoch.AddYears(50), To = DateTimeOffset.UnixEpoch.AddYears(120);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _connections = [];
    private readonly X509Certificate2 _authority, _certificate;
    private readonly Uri _target;
    private readonly Task _accepting;

    /// <param name="host">The server that clients ask for.</param>
    /// <param name="target">Where it is.</param>
    public InspectingProxy(string host, Uri target)
    {
        _target = target;
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=a company's own authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _authority = authority.CreateSelfSigned(From, To);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(_authority, From, To, [1]);
        _certificate = signed.CopyWithPrivateKey(key);
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>The certificate of its authority, PEM.</summary>
    public string Authority => _authority.ExportCertificatePem();

    /// <summary>What it was asked to connect to.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
        _certificate.Dispose();
        _authority.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _connections.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // It is over, or the caller was gone before it was let in.
            }
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        try
        {
            // CONNECT ghes.example:443 HTTP/1.1
            var words = (await ReadHeadAsync(near.GetStream())).Split(' ');
            Asked.Enqueue($"{words[0]} {words[1]}");
            await near.GetStream().WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _stop.Token);
            await using var clear = new SslStream(near.GetStream());
            await clear.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
            await far.ConnectAsync(_target.Host, _target.Port, _stop.Token);
            await Task.WhenAny(clear.CopyToAsync(far.GetStream(), _stop.Token), far.GetStream().CopyToAsync(clear, _stop.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            // One side is gone, or the client does not trust the authority.
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _stop.Token) > 0)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
