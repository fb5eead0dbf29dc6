using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Exporter.Tests.Telemetry;

/// <summary>A collector that takes OTLP, over HTTP or gRPC, and keeps what came, as text in which names can be found: protobuf writes strings as they are.</summary>
internal sealed class OtlpSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, string Body)> _taken = new();

    private OtlpSink(bool grpc)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _taken.Enqueue((context.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
            context.Response.ContentType = grpc ? "application/grpc" : "application/x-protobuf";
            if (grpc)
            {
                context.Response.AppendTrailer("grpc-status", "0");
                await context.Response.Body.WriteAsync(new byte[5]); // the frame of an empty message
            }
        });
    }

    public string Url => _app.Urls.Single();

    /// <summary>Whether a text came with a signal: trace, metrics or logs, as <c>/v1/traces</c> and <c>/opentelemetry.proto.collector.trace.v1.TraceService/Export</c> name it.</summary>
    public bool Has(string signal, string text) =>
        _taken.Any(taken => taken.Path.Contains(signal, StringComparison.Ordinal) && taken.Body.Contains(text, StringComparison.Ordinal));

    public static async Task<OtlpSink> StartAsync(bool grpc = false)
    {
        var sink = new OtlpSink(grpc);
        await sink._app.StartAsync(TestContext.Current.CancellationToken);
        return sink;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
