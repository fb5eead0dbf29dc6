using System.Text;
using RunnerMetrics.Agent.Spool;

namespace RunnerMetrics.Agent.Tests.Spool;

public class FrameReaderTests
{
    private static readonly byte[] Whole = [.. FrameTests.FrameOf("one"u8), .. FrameTests.FrameOf("two"u8), .. FrameTests.FrameOf("three"u8)];
    private static readonly int FirstEnd = Frame.HeaderLength + 3;
    private static readonly int SecondEnd = FirstEnd + Frame.HeaderLength + 3;

    [Fact]
    public void Read_EveryPrefix_KeepsTheFramesBeforeTheTear()
    {
        for (var length = 0; length <= Whole.Length; length++)
        {
            string[] expected = length == Whole.Length ? ["one", "two", "three"] : length >= SecondEnd ? ["one", "two"] : length >= FirstEnd ? ["one"] : [];
            Assert.Equal(expected, Read(Whole[..length], out var end));
            Assert.Equal(new FramesEnd(expected.Length switch { 0 => 0, 1 => FirstEnd, 2 => SecondEnd, _ => Whole.Length }, 0), end);
        }
    }

    [Fact]
    public void Read_TailOfZeros_IsATornWrite()
    {
        Assert.Equal(["one"], Read([.. Whole[..FirstEnd], .. new byte[50]], out var end));
        Assert.Equal(new FramesEnd(FirstEnd, 0), end);
    }

    [Fact]
    public void Read_DamageBeforeASoundFrame_StepsOverItAndCountsItsBytes()
    {
        var damaged = (byte[])Whole.Clone();
        damaged[FirstEnd + 5] ^= 1;

        Assert.Equal(["one", "three"], Read(damaged, out var end));
        Assert.Equal(new FramesEnd(Whole.Length, SecondEnd - FirstEnd), end);
    }

    [Fact]
    public void Read_PayloadThatMakesNoSense_IsDamage()
    {
        Assert.Equal(["one", "three"], Read(Whole, out var end, makesSense: text => text != "two"));
        Assert.Equal(new FramesEnd(Whole.Length, SecondEnd - FirstEnd), end);
    }

    [Fact]
    public void Read_NoFrameAtAll_IsATornWrite()
    {
        Assert.Empty(Read("something else altogether"u8.ToArray(), out var end));
        Assert.Equal(new FramesEnd(0, 0), end);
    }

    private static List<string> Read(byte[] bytes, out FramesEnd end, Func<string, bool>? makesSense = null)
    {
        List<string> payloads = [];
        end = FrameReader.Read(bytes, payload =>
        {
            var text = Encoding.ASCII.GetString(payload);
            if (makesSense?.Invoke(text) == false)
            {
                return false;
            }

            payloads.Add(text);
            return true;
        });
        return payloads;
    }
}
