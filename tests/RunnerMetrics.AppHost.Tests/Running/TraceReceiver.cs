using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>A collector that takes OTLP over gRPC, as Aspire's dashboard does, and keeps the spans.</summary>
internal sealed class TraceReceiver : IAsyncDisposable
{
    private const int FramePrefix = 5;
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedSpan> _spans = new();

    private TraceReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    public string Url => _app.Urls.Single();

    /// <summary>The spans of the traces that have a span of this name.</summary>
    public IReadOnlyList<ReceivedSpan> TracesOf(Func<ReceivedSpan, bool> isIt)
    {
        var spans = _spans.ToArray();
        var traces = spans.Where(isIt).Select(span => span.Trace).ToHashSet();
        return [.. spans.Where(span => traces.Contains(span.Trace))];
    }

    public static async Task<TraceReceiver> StartAsync()
    {
        var receiver = new TraceReceiver();
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        if (context.Request.Path == "/opentelemetry.proto.collector.trace.v1.TraceService/Export")
        {
            foreach (var span in Messages(body.ToArray()[FramePrefix..], 1).SelectMany(resource => Messages(resource, 2)).SelectMany(scope => Messages(scope, 2)))
            {
                _spans.Enqueue(new ReceivedSpan(Convert.ToHexStringLower(Messages(span, 1).Single()), string.Concat(Messages(span, 4).Select(Convert.ToHexStringLower)), System.Text.Encoding.UTF8.GetString(Messages(span, 5).Single())));
            }
        }

        context.Response.ContentType = "application/grpc";
        context.Response.AppendTrailer("grpc-status", "0");
        await context.Response.Body.WriteAsync(new byte[FramePrefix]);
    }

    // Fields of a protobuf message that are messages, strings or bytes: opentelemetry/proto/trace/v1/trace.proto.
    private static List<byte[]> Messages(byte[] message, int field)
    {
        var input = new CodedInputStream(message);
        var found = new List<byte[]>();
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                found.Add(input.ReadBytes().ToByteArray());
            }
            else
            {
                input.SkipLastField();
            }
        }

        return found;
    }
}
