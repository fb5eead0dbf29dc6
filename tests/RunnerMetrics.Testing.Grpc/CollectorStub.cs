using System.Net;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Testing;

/// <summary>A collector on a port of this machine that answers as a test says, over real gRPC.</summary>
public sealed class CollectorStub : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CollectorStub(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Starts one.</summary>
    /// <param name="answer">Answers a call, or throws.</param>
    /// <param name="token">The token that it wants; null: none.</param>
    /// <param name="certificate">What it shows; null: it speaks plain text.</param>
    /// <param name="isHealthy">What its health service says; null: it has none.</param>
    public static async Task<CollectorStub> StartAsync(
        Func<ReportEventsRequest, ReportEventsResponse> answer, string? token = null, X509Certificate2? certificate = null, bool? isHealthy = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        builder.Services.AddSingleton(new Service(answer, token));
        builder.Services.AddGrpc();
        builder.Services.AddGrpcHealthChecks(health => health.Services.Map(JobEventCollector.Descriptor.FullName, _ => true))
            .AddCheck("stub", () => isHealthy == true ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
        var app = builder.Build();
        app.MapGrpcService<Service>();
        if (isHealthy is not null)
        {
            app.MapGrpcHealthChecksService();
        }

        await app.StartAsync(TestContext.Current.CancellationToken);
        return new CollectorStub(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private sealed class Service(Func<ReportEventsRequest, ReportEventsResponse> answer, string? token) : JobEventCollector.JobEventCollectorBase
    {
        public override Task<ReportEventsResponse> ReportEvents(ReportEventsRequest request, ServerCallContext context) =>
            token is null || context.RequestHeaders.GetValue("authorization") == $"Bearer {token}"
                ? Task.FromResult(answer(request))
                : throw new RpcException(new Status(StatusCode.Unauthenticated, "who are you?"));
    }
}
