using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using RunnerMetrics.Exporter.Listening;
using RunnerMetrics.Exporter.Webhooks;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Webhooks;

public class BodyBudgetTests
{
    private const int Block = BodyBudget.BlockSize;

    private static readonly IPAddress Somebody = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress GitHub = IPAddress.Parse("192.0.2.2");

    private readonly ManualTimeProvider _clock = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Block)]
    [InlineData((3 * Block) + 5)]
    public async Task Read_ToItsEnd_IsWhatWasSentAndGivesItsMemoryBack(int length)
    {
        using var budget = new BodyBudget(8 * Block, _clock);
        var sent = new byte[length];
        new Random(length).NextBytes(sent);
        using (var body = budget.Open(Somebody, null))
        {
            Assert.Equal(UnverifiedBody.Outcome.Whole, await body.ReadAsync(PipeReader.Create(new ReadOnlySequence<byte>(sent)), 10 * Block, Cancelled));
            Assert.Equal(sent, body.Bytes.ToArray());
        }

        Assert.Equal(8 * Block, budget.Free);
    }

    [Fact]
    public async Task Read_PastTheLimit_IsTooLarge()
    {
        using var budget = new BodyBudget(8 * Block, _clock);
        using var body = budget.Open(Somebody, null);

        Assert.Equal(UnverifiedBody.Outcome.TooLarge, await body.ReadAsync(PipeReader.Create(new ReadOnlySequence<byte>(new byte[101])), 100, Cancelled));
    }

    [Fact]
    public async Task Read_NoMemoryForLong_IsNoRoom()
    {
        using var budget = new BodyBudget(2 * Block, _clock);
        using var settled = await ReadAsync(budget, Somebody, 2 * Block);
        using var body = budget.Open(Somebody, 1);
        var reading = body.ReadAsync(PipeReader.Create(new ReadOnlySequence<byte>(new byte[1])), 100, Cancelled);

        _clock.Advance(BodyBudget.LongestWait - TimeSpan.FromSeconds(1));
        Assert.Equal(1, budget.Waiting);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(UnverifiedBody.Outcome.NoRoom, await reading.WaitAsync(Patience.Limit, Cancelled));
    }

    [Fact]
    public async Task Read_SlowBodyHoldsTheMemory_GetsItsPlace()
    {
        using var budget = new BodyBudget(2 * Block, _clock);
        var slow = new Pipe();
        using var slowBody = budget.Open(Somebody, 3 * Block);
        var slowReading = slowBody.ReadAsync(slow.Reader, 10 * Block, Cancelled);
        await slow.Writer.WriteAsync(new byte[2 * Block], Cancelled);
        await Wait.UntilAsync(() => Task.FromResult(budget.Free == 0), "the slow body holds all there is");

        using var body = budget.Open(Somebody, Block);
        var reading = body.ReadAsync(PipeReader.Create(new ReadOnlySequence<byte>(new byte[Block])), 10 * Block, Cancelled);
        _clock.Advance(BodyBudget.SlowAfter - TimeSpan.FromMilliseconds(200));
        Assert.False(slowReading.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal(UnverifiedBody.Outcome.NoRoom, await slowReading.WaitAsync(Patience.Limit, Cancelled));
        slowBody.Dispose();
        Assert.Equal(UnverifiedBody.Outcome.Whole, await reading.WaitAsync(Patience.Limit, Cancelled));
    }

    [Fact]
    public async Task Read_SeveralWait_ProvenSendersComeFirstThenTheLast()
    {
        using var budget = new BodyBudget(Block, _clock);
        budget.Prove(await ReadAsync(budget, GitHub, 1, isClosed: true));
        var holds = await ReadAsync(budget, Somebody, Block);
        List<string> order = [];
        var all = new[] { ("first", Somebody), ("proven", GitHub), ("last", Somebody) }.Select(sender => ReadInTurnAsync(sender.Item1, sender.Item2)).ToArray();
        Assert.Equal(3, budget.Waiting);

        holds.Dispose();
        await Task.WhenAll(all).WaitAsync(Patience.Limit, Cancelled);
        Assert.Equal(["proven", "last", "first"], order);

        async Task ReadInTurnAsync(string name, IPAddress sender)
        {
            using var body = budget.Open(sender, 1);
            Assert.Equal(UnverifiedBody.Outcome.Whole, await body.ReadAsync(PipeReader.Create(new ReadOnlySequence<byte>(new byte[1])), 100, Cancelled));
            order.Add(name);
        }
    }

    [Fact]
    public async Task Read_ProvenSenderIsSlow_LosesItsPlaceToNobodyUnproven()
    {
        using var budget = new BodyBudget(Block, _clock);
        budget.Prove(await ReadAsync(budget, GitHub, 1, isClosed: true));
        var pipe = new Pipe();
        using var proven = budget.Open(GitHub, Block);
        var provenReading = proven.ReadAsync(pipe.Reader, 100, Cancelled);
        await pipe.Writer.WriteAsync(new byte[1], Cancelled);
        await Wait.UntilAsync(() => Task.FromResult(budget.Free == 0), "the proven sender has its place");

        using var stranger = budget.Open(Somebody, 1);
        var reading = stranger.ReadAsync(PipeReader.Create(new ReadOnlySequence<byte>(new byte[1])), 100, Cancelled);
        _clock.Advance(BodyBudget.LongestWait + TimeSpan.FromSeconds(1));
        Assert.Equal(UnverifiedBody.Outcome.NoRoom, await reading.WaitAsync(Patience.Limit, Cancelled));
        await pipe.Writer.CompleteAsync();
        Assert.Equal(UnverifiedBody.Outcome.Whole, await provenReading.WaitAsync(Patience.Limit, Cancelled));
    }

    [Theory]
    [InlineData(256, 1_000_000, 32, 512, 4096)]
    [InlineData(64, 1_000_000, 26, 128, 1024)]
    [InlineData(256, 1_024, 32, 288, 576)]
    [InlineData(16_384, 1_048_576, 256, 32_768, 65_536)]
    [InlineData(256, 100, 32, 16, 16)]
    public void Limits_OfMemoryAndDescriptors_AreWhatTheyHold(long memoryMiB, double files, long unverifiedMiB, int http, int grpc) =>
        Assert.Equal(new EdgeLimits(unverifiedMiB << 20, http, grpc), EdgeLimits.Of(memoryMiB << 20, files));

    private static async Task<UnverifiedBody> ReadAsync(BodyBudget budget, IPAddress sender, int length, bool isClosed = false)
    {
        var body = budget.Open(sender, length);
        Assert.Equal(UnverifiedBody.Outcome.Whole, await body.ReadAsync(PipeReader.Create(new ReadOnlySequence<byte>(new byte[length])), length, Cancelled));
        if (isClosed)
        {
            body.Dispose();
        }

        return body;
    }
}
