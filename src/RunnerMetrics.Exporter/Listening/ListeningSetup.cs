using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using RunnerMetrics.Exporter.Configuration;

namespace RunnerMetrics.Exporter.Listening;

/// <summary>The two ports: how many connections they accept, and how slow these may be.</summary>
internal static class ListeningSetup
{
    private const int MostOfAHead = 16 * 1024;

    /// <summary>What a connection may hold beside what is read of it: 1 MiB by default, which 256 connections make more than the shipped memory limit of.</summary>
    private const int MostUnread = 2 * MostOfAHead;

    /// <summary>Slower than any line that a fleet could be run over; Kestrel's own 240 bytes a second let one sender stay for hours.</summary>
    private static readonly MinDataRate Slowest = new(bytesPerSecond: 4096, gracePeriod: TimeSpan.FromSeconds(5));

    public static void AddListening(this WebApplicationBuilder builder, ExporterOptions options)
    {
        builder.Services.AddSingleton(EdgeLimits.OfThisProcess());
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.WebHost.UseSockets(sockets => (sockets.MaxReadBufferSize, sockets.MaxWriteBufferSize) = (MostUnread, MostUnread));
        builder.WebHost.UseKestrelHttpsConfiguration();
    }

    /// <summary>Marks which connections are at work, and keeps each endpoint to its port.</summary>
    public static void UseListening(this WebApplication app) => app.Use(async (context, next) =>
    {
        var place = context.Features.Get<ConnectionPlaces.Place>();
        place?.Begin();
        try
        {
            if (context.GetEndpoint() is { } endpoint && (endpoint.Metadata.GetMetadata<PortRole>() ?? PortRole.Http) is var role && context.Features.Get<PortRole>() is { } port && port != role)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                context.Response.ContentType = "text/plain; charset=utf-8";
                await context.Response.WriteAsync(role.Elsewhere, context.RequestAborted);
                return;
            }

            await next(context);
        }
        finally
        {
            place?.End();
        }
    });

    private static void Listen(KestrelServerOptions kestrel, ExporterOptions options)
    {
        var services = kestrel.ApplicationServices;
        var (limits, edge) = (kestrel.Limits, services.GetRequiredService<EdgeLimits>());
        kestrel.AddServerHeader = false;
        limits.MaxConcurrentConnections = edge.HttpConnections + edge.GrpcConnections; // each port's own, fewer, are below
        limits.MaxRequestBodySize = 64 * 1024; // GET and POST of people; the collector's and the webhooks' own limits replace it
        limits.MaxRequestHeadersTotalSize = MostOfAHead;
        limits.MaxRequestBufferSize = MostUnread;
        limits.MinRequestBodyDataRate = Slowest;
        limits.MinResponseDataRate = Slowest;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(75); // scrapes a minute apart, agents' heartbeats far less
        limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(20);
        var certificate = options is { TlsCertificate: { } file, TlsKey: { } key }
            ? new ServerCertificate(file, key, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<ServerCertificate>>())
            : null;
        kestrel.Listen(
            new IPEndPoint(options.Bind, options.HttpPort),
            listen => Set(listen, PortRole.Http, Places(services, edge.HttpConnections, "HTTP"), certificate, HttpProtocols.Http1AndHttp2));
        kestrel.Listen(
            new IPEndPoint(options.GrpcBind ?? options.Bind, options.GrpcPort),
            listen => Set(listen, PortRole.Grpc, Places(services, edge.GrpcConnections, "collector's"), certificate, HttpProtocols.Http2));
    }

    private static ConnectionPlaces Places(IServiceProvider services, int most, string port) =>
        new(most, port, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<ConnectionPlaces>>());

    private static void Set(ListenOptions listen, PortRole role, ConnectionPlaces places, ServerCertificate? certificate, HttpProtocols protocols)
    {
        // Plain text cannot negotiate: HTTP/1.1 for scrapes, HTTP/2 for gRPC.
        listen.Protocols = certificate is null && protocols == HttpProtocols.Http1AndHttp2 ? HttpProtocols.Http1 : protocols;
        listen.Use(next => connection =>
        {
            connection.Features.Set(role);
            return places.ServeAsync(connection, next);
        });
        if (certificate is not null)
        {
            listen.UseHttps(certificate.ForKestrel());
        }
    }
}
