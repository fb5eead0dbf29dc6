using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Exporter.Tests.Telemetry;

/// <summary>A collector that takes OTLP, over HTTP or gRPC, and keeps what came: bytes, in which names can be found, because protobuf writes strings as they are.</summary>
internal sealed class OtlpSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _taken = new();
    private readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OtlpSink(bool grpc)
    {
        IsGrpc = grpc;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            if (Stalls)
            {
                await _stalled.Task.WaitAsync(context.RequestAborted);
            }

            _taken.Enqueue((context.Request.Path, body.ToArray()));
            context.Response.ContentType = grpc ? "application/grpc" : "application/x-protobuf";
            if (grpc && Status != StatusCodes.Status200OK)
            {
                // As servers of gRPC refuse: there is no body, and the status is in the headers.
                context.Response.Headers["grpc-status"] = "14";
                context.Response.Headers["grpc-message"] = "not%20now";
                return;
            }

            context.Response.StatusCode = Status;
            if (grpc)
            {
                context.Response.AppendTrailer("grpc-status", "0");
                await context.Response.Body.WriteAsync((byte[])[0, 0, 0, 0, (byte)Answer.Length]);
            }

            await context.Response.Body.WriteAsync(Answer);
        });
    }

    public string Url => _app.Urls.Single();

    /// <summary>Whether it takes gRPC, else HTTP.</summary>
    public bool IsGrpc { get; }

    /// <summary>What it answers with: 503 refuses, over gRPC as UNAVAILABLE.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>The message that it answers with.</summary>
    public byte[] Answer { get; set; } = [];

    /// <summary>Whether it takes requests and never answers.</summary>
    public bool Stalls { get; set; }

    /// <summary>How many requests it has taken of a signal, refused ones too.</summary>
    public int Count(string signal) => Bodies(signal).Count();

    /// <summary>The requests of a signal: trace, metrics or logs, as <c>/v1/traces</c> and <c>/opentelemetry.proto.collector.trace.v1.TraceService/Export</c> name it. Over gRPC each has a header of 5 bytes.</summary>
    public IEnumerable<byte[]> Bodies(string signal) => _taken.Where(taken => taken.Path.Contains(signal, StringComparison.Ordinal)).Select(taken => taken.Body);

    /// <summary>Whether a text came with a signal.</summary>
    public bool Has(string signal, string text) => Bodies(signal).Any(body => Encoding.Latin1.GetString(body).Contains(text, StringComparison.Ordinal));

    public static async Task<OtlpSink> StartAsync(bool grpc = false)
    {
        var sink = new OtlpSink(grpc);
        await sink._app.StartAsync(TestContext.Current.CancellationToken);
        return sink;
    }

    public async ValueTask DisposeAsync()
    {
        _stalled.TrySetResult();
        await _app.DisposeAsync();
    }
}
