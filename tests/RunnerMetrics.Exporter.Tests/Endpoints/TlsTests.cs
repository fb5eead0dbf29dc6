using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Endpoints;

public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tls-").FullName;
    private readonly X509Certificate2 _root;
    private readonly X509Certificate2 _middle;

    public TlsTests()
    {
        // A chain of three, as an authority hands it out: clients know the root alone, so the server has to send the one in between.
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _root = Request("CN=test root", rootKey, isAuthority: true).CreateSelfSigned(From, To);
        _middle = Request("CN=test middle", middleKey, isAuthority: true).Create(_root, From, To, [1]).CopyWithPrivateKey(middleKey);
        WriteLeaf(serial: 2);
    }

    private static DateTimeOffset From => DateTimeOffset.UnixEpoch.AddYears(50);

    private static DateTimeOffset To => DateTimeOffset.UnixEpoch.AddYears(120);

    private string Certificate => Path.Combine(_folder, "certificate.pem");

    private string Key => Path.Combine(_folder, "key.pem");

    public void Dispose()
    {
        _root.Dispose();
        _middle.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task BothPorts_WithACertificateChain_ConvinceAClientThatKnowsTheRoot()
    {
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { TlsCertificate = Certificate, TlsKey = Key });
        Assert.Equal(("https", "https"), (exporter.Http.Scheme, exporter.Grpc.Scheme));
        using var channel = exporter.Channel(ssl: Trust());
        await exporter.SendAsync(AgentEvents.Batch(AgentEvents.Now, AgentEvents.Heartbeat("1")), channel);

        using var handler = new SocketsHttpHandler { SslOptions = Trust() };
        using var client = new PatientHttpClient(handler) { BaseAddress = exporter.Http };
        var text = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), RunningExporter.Cancelled);
        Assert.Contains("github_runner_status{runner_name=\"r1\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BothPorts_CertificateRenewed_ShowTheNewOneWithoutARestart()
    {
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { TlsCertificate = Certificate, TlsKey = Key });
        var before = await ShownAsync(exporter.Http);
        WriteLeaf(serial: 3);
        Assert.Equal(before, await ShownAsync(exporter.Http));
        exporter.Clock.Advance(TimeSpan.FromSeconds(3));
        var after = await ShownAsync(exporter.Http);
        Assert.NotEqual(before, after);
        Assert.Equal(after, await ShownAsync(exporter.Grpc));

        // Half of a renewal, and none at all: what was good stays.
        File.WriteAllText(Key, "");
        exporter.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(after, await ShownAsync(exporter.Http));
        File.Delete(Certificate);
        exporter.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(after, await ShownAsync(exporter.Http));
    }

    [Fact]
    public async Task BothPorts_WithTls_RefuseAClientThatKnowsNotTheRoot()
    {
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { TlsCertificate = Certificate, TlsKey = Key });
        using var channel = exporter.Channel();

        var refusal = await Assert.ThrowsAsync<RpcException>(() => exporter.SendAsync(AgentEvents.Batch(AgentEvents.Now, AgentEvents.Heartbeat("1")), channel));
        Assert.IsType<AuthenticationException>(refusal.Status.DebugException?.InnerException);
        await Assert.ThrowsAsync<HttpRequestException>(() => exporter.Client.GetAsync(exporter.Http, RunningExporter.Cancelled));
    }

    private void WriteLeaf(byte serial)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var leaf = Request("CN=localhost", key, isAuthority: false).Create(_middle, From, To, [serial]);
        File.WriteAllText(Certificate, leaf.ExportCertificatePem() + "\n" + _middle.ExportCertificatePem() + "\n");
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
    }

    // The serial number of the certificate that a new connection is shown, where the client trusts it. The exporter gives a handshake ten seconds, which a busy machine may take longer for.
    private async Task<string> ShownAsync(Uri url)
    {
        var shown = "";
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    shown = await HandshakeAsync(url);
                    return true;
                }
                catch (IOException)
                {
                    return false;
                }
            },
            () => "No handshake comes to its end.", RunningExporter.Cancelled);
        return shown;
    }

    private async Task<string> HandshakeAsync(Uri url)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, RunningExporter.Cancelled);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(Trust(), RunningExporter.Cancelled);
        return tls.RemoteCertificate!.GetSerialNumberString();
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
