using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace RunnerMetrics.Exporter.Listening;

/// <summary>The certificate of both ports, with the chain that stands between it and a root. Its files are read again when they change, and so are renewed without a restart.</summary>
/// <param name="certificateFile">A PEM certificate, and its chain behind it.</param>
/// <param name="keyFile">The certificate's PEM key.</param>
/// <param name="time">Decides when to look again.</param>
/// <param name="logger">Logs changes.</param>
internal sealed class ServerCertificate(string certificateFile, string keyFile, TimeProvider time, ILogger<ServerCertificate> logger)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private (string Certificate, string Key) _text = Read(certificateFile, keyFile);
    private SslStreamCertificateContext _current = Parse(Read(certificateFile, keyFile));
    private long _lookedAt = time.GetTimestamp();

    /// <summary>What each new connection is shown.</summary>
    public TlsHandshakeCallbackOptions ForKestrel() => new()
    {
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = Current() }),
    };

    private SslStreamCertificateContext Current()
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_lookedAt) < LookAgainAfter)
            {
                return _current;
            }

            _lookedAt = time.GetTimestamp();
            try
            {
                var text = Read(certificateFile, keyFile);
                if (text != _text)
                {
                    _current = Parse(text);
                    _text = text;
                    ListeningLog.NewCertificate(logger, certificateFile);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
            {
                // A certificate may be there a moment before its key is.
                ListeningLog.BadCertificate(logger, certificateFile, e.Message);
            }

            return _current;
        }
    }

    private static (string Certificate, string Key) Read(string certificateFile, string keyFile) => (File.ReadAllText(certificateFile), File.ReadAllText(keyFile));

    // Clients know the root; what stands between it and the certificate has to come from here.
    private static SslStreamCertificateContext Parse((string Certificate, string Key) text)
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(text.Certificate);
        return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(text.Certificate, text.Key), chain, offline: true);
    }
}
