using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace RunnerMetrics.Grpc.Tests;

public sealed class TlsTests : IDisposable
{
    private readonly X509Certificate2 _certificate = CreateCertificate();

    public void Dispose() => _certificate.Dispose();

    [Fact]
    public async Task Call_OwnAuthority_IsAnsweredOverTls()
    {
        await using LoopbackServer server = await StartAsync();
        using GrpcChannel channel = server.Channel(new GrpcChannelOptions
        {
            Ssl = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { _certificate },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        });
        Assert.Equal(2, (await channel.ReportAsync(Collector.Batch(2))).Results.Count);
    }

    [Fact]
    public async Task Call_StrangersCertificate_IsUnavailableAndSaysWhy()
    {
        await using LoopbackServer server = await StartAsync();
        using GrpcChannel channel = server.Channel();
        GrpcException error = await channel.FailAsync(Collector.Batch(1));
        Assert.Equal(GrpcStatusCode.Unavailable, error.StatusCode);
        Assert.Contains("SSL", error.Message, StringComparison.Ordinal);
    }

    private Task<LoopbackServer> StartAsync() => LoopbackServer.StartAsync(
        app => app.MapGrpcUnary(Collector.ReportEvents, Collector.AnswerAsync), HttpProtocols.Http1AndHttp2, _certificate);

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=RunnerMetrics.Grpc.Tests", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
    }
}
