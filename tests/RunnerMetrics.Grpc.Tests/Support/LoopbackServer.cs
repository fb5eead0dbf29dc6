using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using V1 = RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Grpc.Tests;

/// <summary>A real Kestrel on a loopback port that the system chose.</summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackServer(WebApplication app, RecordingLogger log)
    {
        _app = app;
        Log = log;
        Address = new Uri(app.Urls.Single());
    }

    public Uri Address { get; }

    public RecordingLogger Log { get; }

    public static async Task<LoopbackServer> StartAsync(
        Action<WebApplication> map, HttpProtocols protocols = HttpProtocols.Http2, X509Certificate2? certificate = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        var log = new RecordingLogger();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug).AddFilter("Microsoft", LogLevel.Warning);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = protocols;
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        WebApplication app = builder.Build();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new LoopbackServer(app, log);
    }

    public static Task<LoopbackServer> StartCollectorAsync(
        GrpcServerOptions? options = null, GrpcUnaryHandler<V1.ReportEventsRequest, V1.ReportEventsResponse>? handler = null) =>
        StartAsync(app =>
        {
            app.MapGrpcUnary(Collector.ReportEvents, handler ?? Collector.AnswerAsync, options);
            app.MapGrpcHealth(Collector.Health);
            app.MapGrpcUnimplemented();
        });

    public GrpcChannel Channel(GrpcChannelOptions? options = null) => new(Address, options);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
