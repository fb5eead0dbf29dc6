using Google.Protobuf;

namespace RunnerMetrics.Exporter.Traces;

/// <summary>
/// Reads how many spans a collector rejected of a request that it took, which OpenTelemetry's exporter does not tell: <c>ExportTraceServiceResponse.partial_success.rejected_spans</c>
/// (OTLP specification, "Partial Success").
/// </summary>
internal sealed class PartialSuccess(Action<long> rejected) : DelegatingHandler(new SocketsHttpHandler())
{
    private const int GrpcHeader = 5;

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = base.Send(request, cancellationToken);
        if (answer.IsSuccessStatusCode)
        {
            using var body = new MemoryStream();
            using (var content = answer.Content.ReadAsStream(cancellationToken))
            {
                content.CopyTo(body);
            }

            Read(answer, body.ToArray());
        }

        return answer;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        if (answer.IsSuccessStatusCode)
        {
            Read(answer, await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        }

        return answer;
    }

    // OpenTelemetry's exporter reads the answer too.
    private void Read(HttpResponseMessage answer, byte[] body)
    {
        var content = new ByteArrayContent(body);
        foreach (var (name, values) in answer.Content.Headers)
        {
            content.Headers.TryAddWithoutValidation(name, values);
        }

        answer.Content = content;
        var isGrpc = content.Headers.ContentType?.MediaType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;
        if (RejectedIn(isGrpc ? body.AsSpan(Math.Min(GrpcHeader, body.Length)) : body) is > 0 and var count)
        {
            rejected(count);
        }
    }

    /// <summary>The number in an answer; 0 in one that has none, or is no such message.</summary>
    internal static long RejectedIn(ReadOnlySpan<byte> message)
    {
        try
        {
            return FieldOf(message.ToArray(), input => FieldOf(input.ReadBytes().ToByteArray(), inner => inner.ReadInt64()));
        }
        catch (InvalidProtocolBufferException)
        {
            return 0;
        }
    }

    // The first field of either message is the one.
    private static long FieldOf(byte[] message, Func<CodedInputStream, long> read)
    {
        using var input = new CodedInputStream(message);
        while (input.ReadTag() is not 0 and var tag)
        {
            if (WireFormat.GetTagFieldNumber(tag) == 1)
            {
                return read(input);
            }

            input.SkipLastField();
        }

        return 0;
    }
}
