using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Doctor;

/// <summary>A gRPC server that says what a collector says to a doctor.</summary>
internal static class SmallCollector
{
    /// <summary>Starts one.</summary>
    /// <param name="token">The token that it wants; none for null.</param>
    /// <param name="tls">Whether it shows a certificate, which nobody trusts.</param>
    /// <param name="isHealthy">What its health service says; null: it has none.</param>
    public static Task<CollectorStub> StartAsync(string? token = null, bool tls = false, bool? isHealthy = true) => CollectorStub.StartAsync(
        request => request.Events.Count == 0
            ? throw new RpcException(new Status(StatusCode.InvalidArgument, "the batch is empty"))
            : throw new InvalidOperationException("A doctor reports nothing."),
        token,
        tls ? CreateCertificate() : null,
        isHealthy);

    private static X509Certificate2 CreateCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
