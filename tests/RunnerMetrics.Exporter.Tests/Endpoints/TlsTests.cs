using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;

namespace RunnerMetrics.Exporter.Tests.Endpoints;

public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tls-").FullName;
    private readonly X509Certificate2 _root;

    public TlsTests()
    {
        // A chain of three, as an authority hands it out: clients know the root alone, so the server has to send the one in between.
        var (from, to) = (DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(120));
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leafKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _root = Request("CN=test root", rootKey, isAuthority: true).CreateSelfSigned(from, to);
        using var middle = Request("CN=test middle", middleKey, isAuthority: true).Create(_root, from, to, [1]).CopyWithPrivateKey(middleKey);
        using var leaf = Request("CN=localhost", leafKey, isAuthority: false).Create(middle, from, to, [2]);
        File.WriteAllText(Certificate, leaf.ExportCertificatePem() + "\n" + middle.ExportCertificatePem() + "\n");
        File.WriteAllText(Key, leafKey.ExportPkcs8PrivateKeyPem());
    }

    private string Certificate => Path.Combine(_folder, "certificate.pem");

    private string Key => Path.Combine(_folder, "key.pem");

    public void Dispose()
    {
        _root.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task BothPorts_WithACertificateChain_ConvinceAClientThatKnowsTheRoot()
    {
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { TlsCertificate = Certificate, TlsKey = Key });
        Assert.Equal(("https", "https"), (exporter.Http.Scheme, exporter.Grpc.Scheme));
        using var channel = exporter.Channel(ssl: Trust());
        await exporter.SendAsync(Wire.Batch(Wire.Now, Wire.Heartbeat("1")), channel);

        using var handler = new SocketsHttpHandler { SslOptions = Trust() };
        using var client = new HttpClient(handler) { BaseAddress = exporter.Http };
        var text = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), RunningExporter.Cancelled);
        Assert.Contains("github_runner_status{runner_name=\"r1\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BothPorts_WithTls_RefuseAClientThatKnowsNotTheRoot()
    {
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { TlsCertificate = Certificate, TlsKey = Key });
        using var channel = exporter.Channel();

        var refusal = await Assert.ThrowsAsync<RpcException>(() => exporter.SendAsync(Wire.Batch(Wire.Now, Wire.Heartbeat("1")), channel));
        Assert.IsType<AuthenticationException>(refusal.Status.DebugException?.InnerException);
        await Assert.ThrowsAsync<HttpRequestException>(() => exporter.Client.GetAsync(exporter.Http, RunningExporter.Cancelled));
    }

    private SslClientAuthenticationOptions Trust() => new()
    {
        TargetHost = "localhost",
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { _root },
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        },
    };

    private static CertificateRequest Request(string name, ECDsa key, bool isAuthority)
    {
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        if (!isAuthority)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            names.AddIpAddress(System.Net.IPAddress.Loopback);
            request.CertificateExtensions.Add(names.Build());
        }

        return request;
    }
}
