using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Grpc;

namespace RunnerMetrics.Agent.Tests.Doctor;

/// <summary>A gRPC server that says what a collector says to a doctor.</summary>
internal sealed class SmallCollector : IAsyncDisposable
{
    private static readonly GrpcMethod<ReportEventsRequest, ReportEventsResponse> ReportEvents =
        new("runnermetrics.v1.JobEventCollector", "ReportEvents", ReportEventsRequest.Parser, ReportEventsResponse.Parser);

    private readonly WebApplication _server;

    private SmallCollector(WebApplication server) => _server = server;

    public Uri Address => new(_server.Urls.First());

    /// <summary>Starts one.</summary>
    /// <param name="token">The token that it wants; none for null.</param>
    /// <param name="tls">Whether it shows a certificate, which nobody trusts.</param>
    /// <param name="health">Whether it has the collector's service.</param>
    public static async Task<SmallCollector> StartAsync(string? token = null, bool tls = false, bool health = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (tls)
            {
                listen.UseHttps(CreateCertificate());
            }
        }));
        var server = builder.Build();
        server.MapGrpcHealth(service => health && service == "runnermetrics.v1.JobEventCollector" ? GrpcHealthStatus.Serving : null);
        server.MapGrpcUnary(
            ReportEvents,
            (request, _) => request.Events.Count == 0
                ? throw new GrpcException(GrpcStatusCode.InvalidArgument, "the batch is empty")
                : throw new InvalidOperationException("A doctor reports nothing."),
            new GrpcServerOptions
            {
                Authorize = call => token is null || call.RequestHeaders.Authorization == $"Bearer {token}"
                    ? null : new GrpcStatus(GrpcStatusCode.Unauthenticated, "no"),
            });
        await server.StartAsync(TestContext.Current.CancellationToken);
        return new SmallCollector(server);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(CancellationToken.None);
        await _server.DisposeAsync();
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
