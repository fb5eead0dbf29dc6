using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Exporter.Tests.Collector;

/// <summary>What came of a raw call: the grpc-status and message are the headers' or the trailers', whichever has them.</summary>
internal sealed record RawAnswer(
    HttpStatusCode HttpStatus, string? Status, string? Message, byte[] Body, bool StatusInHeaders, HttpResponseHeaders Headers);

/// <summary>HTTP/2 requests that no well-behaved gRPC client makes.</summary>
internal static class RawCall
{
    /// <summary>The path of the collector's one method.</summary>
    public static readonly string ReportEvents = $"/{JobEventCollector.Descriptor.FullName}/{nameof(JobEventCollector.JobEventCollectorClient.ReportEvents)}";

    public static async Task<RawAnswer> RawAsync(
        this HttpClient http, byte[][] chunks, (string Name, string Value)[]? headers = null,
        string? path = null, string contentType = "application/grpc", HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, path ?? ReportEvents)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (request.Method == HttpMethod.Post)
        {
            request.Content = new ChunkedContent(chunks);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        foreach ((string name, string value) in headers ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using HttpResponseMessage response = await http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        string? InHeaders(string name) => response.Headers.TryGetValues(name, out var values) ? string.Join('|', values) : null;
        string? InTrailers(string name) => response.TrailingHeaders.TryGetValues(name, out var values) ? string.Join('|', values) : null;
        return new RawAnswer(
            response.StatusCode,
            InHeaders("grpc-status") ?? InTrailers("grpc-status"),
            InHeaders("grpc-message") ?? InTrailers("grpc-message"),
            body,
            InHeaders("grpc-status") is not null,
            response.Headers);
    }

    public static byte[] Frame(byte[] message, byte flag = 0, uint? length = null)
    {
        byte[] frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), length ?? (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public static byte[] Gzip(byte[] plain)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(plain);
        }

        return compressed.ToArray();
    }

    /// <summary>Sends each chunk in DATA frames of its own.</summary>
    private sealed class ChunkedContent(byte[][] chunks) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (byte[] chunk in chunks)
            {
                await stream.WriteAsync(chunk);
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
