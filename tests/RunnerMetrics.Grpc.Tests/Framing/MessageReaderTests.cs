using System.IO.Pipelines;
using Google.Protobuf;
using V1 = RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Grpc.Tests;

public class MessageReaderTests
{
    private const int Limit = 1 << 20;

    private static readonly V1.ReportEventsRequest Request = Collector.Batch(3);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReadSingle_BodySplitAtEveryByte_IsTheSameMessage(bool compressed)
    {
        byte[] message = Request.ToByteArray();
        byte[] frame = compressed ? RawCall.Frame(RawCall.Gzip(message), flag: 1) : RawCall.Frame(message);
        for (int split = 0; split <= frame.Length; split++)
        {
            MessageRead<V1.ReportEventsRequest> read = await ReadAsync([frame[..split], frame[split..]], compressed ? "gzip" : null);
            Assert.Equal(Request, read.Message);
        }

        Assert.Equal(Request, (await ReadAsync([.. frame.Select(b => new[] { b })], compressed ? "gzip" : null)).Message);
    }

    [Fact]
    public async Task ReadSingle_BodyCutAtEveryByte_IsMalformed()
    {
        byte[] frame = RawCall.Frame(Request.ToByteArray());
        Assert.True((await ReadAsync([])).IsEmpty);
        for (int length = 1; length < frame.Length; length++)
        {
            MessageRead<V1.ReportEventsRequest> read = await ReadAsync([frame[..length]]);
            Assert.Equal(GrpcStatusCode.Internal, read.Failure?.Code);
            Assert.Contains("ended after", read.Failure?.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ReadSingle_GzipCutAtEveryByte_IsMalformed()
    {
        byte[] compressed = RawCall.Gzip(Request.ToByteArray());
        for (int length = 1; length < compressed.Length; length++)
        {
            MessageRead<V1.ReportEventsRequest> read = await ReadAsync([RawCall.Frame(compressed[..length], flag: 1)], "gzip");
            Assert.True(read.Failure?.Code == GrpcStatusCode.Internal, $"{length} of {compressed.Length} bytes were taken for a message.");
        }
    }

    [Fact]
    public async Task ReadSingle_MessageAsLongAsTheLimit_IsRead()
    {
        byte[] message = Request.ToByteArray();
        Assert.Equal(Request, (await ReadAsync([RawCall.Frame(message)], limit: message.Length)).Message);
        Assert.Equal(Request, (await ReadAsync([RawCall.Frame(RawCall.Gzip(message), flag: 1)], "gzip", message.Length)).Message);
        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await ReadAsync([RawCall.Frame(message)], limit: message.Length - 1)).Failure?.Code);
    }

    [Fact]
    public async Task ReadSingle_InflatesToOneByteOverTheLimit_IsRefused()
    {
        byte[] message = Collector.Batch(200).ToByteArray();
        byte[] frame = RawCall.Frame(RawCall.Gzip(message), flag: 1);
        Assert.NotNull((await ReadAsync([frame], "gzip", message.Length)).Message);
        Assert.Equal(GrpcStatusCode.ResourceExhausted, (await ReadAsync([frame], "gzip", message.Length - 1)).Failure?.Code);
    }

    [Theory]
    [InlineData(2, "gzip", GrpcStatusCode.Internal)]
    [InlineData(255, null, GrpcStatusCode.Internal)]
    [InlineData(1, null, GrpcStatusCode.Internal)]
    [InlineData(1, "identity", GrpcStatusCode.Internal)]
    [InlineData(1, "gzip", GrpcStatusCode.Internal)]
    [InlineData(1, "deflate", GrpcStatusCode.Unimplemented)]
    public async Task ReadSingle_FlagAndEncodingThatDisagree_AreRefused(byte flag, string? encoding, GrpcStatusCode code) =>
        Assert.Equal(code, (await ReadAsync([RawCall.Frame(Request.ToByteArray(), flag)], encoding)).Failure?.Code);

    [Theory]
    [InlineData("deflate")]
    [InlineData("gzip")]
    public async Task ReadSingle_PlainMessageUnderAnEncoding_IsRead(string encoding) =>
        Assert.Equal(Request, (await ReadAsync([RawCall.Frame(Request.ToByteArray())], encoding)).Message);

    [Fact]
    public async Task ReadSingle_LongestLengthThereIs_IsRefusedByItsPrefix()
    {
        // The body stays open: the answer must not wait for it.
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(RawCall.Frame([], length: uint.MaxValue), TestContext.Current.CancellationToken);
        MessageRead<V1.ReportEventsRequest> read = await MessageReader.ReadSingleAsync(
            pipe.Reader, V1.ReportEventsRequest.Parser, null, Limit, "request", TestContext.Current.CancellationToken);
        Assert.Equal(
            new GrpcStatus(GrpcStatusCode.ResourceExhausted, "The request's message has 4294967295 bytes; the limit is 1048576."), read.Failure);
    }

    [Fact]
    public async Task ReadSingle_RandomBytes_NeverThrows()
    {
        var random = new Random(20261121);
        for (int i = 0; i < 2000; i++)
        {
            byte[] body = new byte[random.Next(0, 64)];
            random.NextBytes(body);
            if (body.Length > 5 && i % 2 == 0)
            {
                // Half of them with a prefix that holds, so that the message itself is what is random.
                body = RawCall.Frame(body, flag: (byte)(i / 2 % 2));
            }

            await ReadAsync([body], "gzip");
        }
    }

    [Fact]
    public async Task ReadSingle_Bomb_IsRefusedByWhatItSaysItIs()
    {
        MessageRead<V1.ReportEventsRequest> read = await ReadAsync([RawCall.Frame(RawCall.Gzip(new byte[64 << 20]), flag: 1)], "gzip");
        Assert.Equal(
            new GrpcStatus(GrpcStatusCode.ResourceExhausted, "The request's message inflates to 67108864 bytes; the limit is 1048576."),
            read.Failure);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(Limit)]
    public async Task ReadSingle_BombThatLiesAboutItsLength_IsMalformed(int claimed)
    {
        byte[] bomb = RawCall.Gzip(new byte[64 << 20]);
        BitConverter.GetBytes(claimed).CopyTo(bomb, bomb.Length - 4);
        Assert.Equal(GrpcStatusCode.Internal, (await ReadAsync([RawCall.Frame(bomb, flag: 1)], "gzip")).Failure?.Code);
    }

    [Fact]
    public async Task ReadSingle_GzipWithAnyBitFlipped_IsMalformedOrTheSameMessage()
    {
        byte[] compressed = RawCall.Gzip(Request.ToByteArray());
        for (int bit = 0; bit < compressed.Length * 8; bit++)
        {
            byte[] damaged = [.. compressed];
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            MessageRead<V1.ReportEventsRequest> read = await ReadAsync([RawCall.Frame(damaged, flag: 1)], "gzip");
            // gzip has bits that do not matter: a time in its header, the last deflated byte's padding.
            Assert.True(read.Message is null ? read.Failure is not null : read.Message.Equals(Request), $"bit {bit}");
        }
    }

    private static async Task<MessageRead<V1.ReportEventsRequest>> ReadAsync(byte[][] chunks, string? encoding = null, int limit = Limit)
    {
        // Segments of 16 bytes, and a reader that is already waiting: every chunk is a read of its own.
        var pipe = new Pipe(new PipeOptions(
            minimumSegmentSize: 16, readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        ValueTask<MessageRead<V1.ReportEventsRequest>> read = MessageReader.ReadSingleAsync(
            pipe.Reader, V1.ReportEventsRequest.Parser, encoding, limit, "request", TestContext.Current.CancellationToken);
        foreach (byte[] chunk in chunks)
        {
            await pipe.Writer.WriteAsync(chunk, TestContext.Current.CancellationToken);
        }

        await pipe.Writer.CompleteAsync();
        return await read;
    }
}
