using System.Text;
using RunnerMetrics.Agent.Spool;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Tests.Spool;

public class FrameReaderTests
{
    private const string Name = "/data/journal-1";
    private static readonly byte[] Header = [.. "RMtest"u8, 3];
    private static readonly byte[] Whole = [.. Header, .. FrameTests.FrameOf("one"u8), .. FrameTests.FrameOf("two"u8), .. FrameTests.FrameOf("three"u8)];
    private static readonly int FirstEnd = Header.Length + Frame.HeaderLength + 3;
    private static readonly int SecondEnd = FirstEnd + Frame.HeaderLength + 3;

    [Fact]
    public void Read_WholeFile_HandsOverEveryPayloadInOrder()
    {
        Assert.Equal(["one", "two", "three"], Read(Whole, isLast: false, out var end));
        Assert.Equal(new FramesEnd(Whole.Length, 0), end);
    }

    [Fact]
    public void Read_EveryPrefixOfTheLastFile_KeepsTheFramesBeforeTheTear()
    {
        for (var length = 0; length <= Whole.Length; length++)
        {
            var expected = length >= Whole.Length ? 3 : length >= SecondEnd ? 2 : length >= FirstEnd ? 1 : 0;
            Assert.Equal(expected, Read(Whole[..length], isLast: true, out var end).Count);
            Assert.Equal(0, end.SkippedBytes);
            Assert.Equal(length < Header.Length ? 0 : expected switch { 0 => Header.Length, 1 => FirstEnd, 2 => SecondEnd, _ => Whole.Length }, end.SoundLength);
        }
    }

    [Fact]
    public void Read_TailOfZerosInTheLastFile_IsATornWrite()
    {
        Assert.Equal(["one"], Read([.. Whole[..FirstEnd], .. new byte[50]], isLast: true, out var end));
        Assert.Equal(new FramesEnd(FirstEnd, 0), end);
    }

    [Fact]
    public void Read_HeaderTornIntoZeros_IsATornWrite()
    {
        for (var kept = 0; kept < Header.Length; kept++)
        {
            Assert.Empty(Read([.. Header[..kept], .. new byte[Header.Length - kept]], isLast: true, out var end));
            Assert.Equal(new FramesEnd(0, 0), end);
        }
    }

    [Fact]
    public void Read_TornTailOfAnEarlierFile_IsDamage()
    {
        var problem = Assert.Throws<StorageException>(() => Read(Whole[..^1], isLast: false, out _));
        Assert.StartsWith($"{Name} is damaged at offset {SecondEnd}: the rest of it cannot be read, and a later file shows that it was whole", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_DamageBeforeASoundFrame_SaysFileOffsetAndWhatToDo(bool isLast)
    {
        var damaged = (byte[])Whole.Clone();
        damaged[FirstEnd + 5] ^= 1;

        var problem = Assert.Throws<StorageException>(() => Read(damaged, isLast, out _));

        Assert.Equal(
            $"{Name} is damaged at offset {FirstEnd}: what follows from offset {SecondEnd} can be read. "
            + "Restore the folder from a backup, or start once with --repair to keep everything readable and set the rest aside",
            problem.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_DamageWithRepair_StepsOverItAndCountsItsBytes(bool isLast)
    {
        var damaged = (byte[])Whole.Clone();
        damaged[FirstEnd + 5] ^= 1;

        Assert.Equal(["one", "three"], Read(damaged, isLast, out var end, repair: true));
        Assert.Equal(new FramesEnd(Whole.Length, SecondEnd - FirstEnd), end);
    }

    [Fact]
    public void Read_PayloadThatMakesNoSense_IsDamage()
    {
        var reader = new FrameReader(Name, Header);
        Assert.Throws<StorageException>(() => reader.Read(Whole, isLast: true, repair: false, payload => payload.Length != 3));
    }

    [Fact]
    public void Read_FileOfAnotherKind_IsDamage()
    {
        var problem = Assert.Throws<StorageException>(() => Read("something else altogether"u8.ToArray(), isLast: true, out _));
        Assert.StartsWith($"{Name} is damaged at offset 0: it does not begin as such a file does", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_FormatVersionFromTheFuture_IsRefusedEvenWithRepair(bool repair)
    {
        byte[] future = [.. Header[..^1], 4, .. Whole[Header.Length..]];
        var problem = Assert.Throws<StorageException>(() => Read(future, isLast: true, out _, repair));
        Assert.Equal($"{Name} has the format version 4, and this program knows 3: run the version that wrote it, or a later one", problem.Message);
    }

    private static List<string> Read(byte[] bytes, bool isLast, out FramesEnd end, bool repair = false)
    {
        List<string> payloads = [];
        end = new FrameReader(Name, Header).Read(bytes, isLast, repair, payload =>
        {
            payloads.Add(Encoding.ASCII.GetString(payload));
            return true;
        });
        return payloads;
    }
}
