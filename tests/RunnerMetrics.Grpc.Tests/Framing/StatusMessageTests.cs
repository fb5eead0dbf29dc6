namespace RunnerMetrics.Grpc.Tests;

public class StatusMessageTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain: it's ~ {fine}", "plain: it's ~ {fine}")]
    [InlineData("100 %", "100 %25")]
    [InlineData("a\r\nb", "a%0D%0Ab")]
    [InlineData("ä 🚀", "%C3%A4 %F0%9F%9A%80")]
    public void Encode_AnyText_DecodesToItself(string text, string encoded)
    {
        Assert.Equal(encoded, StatusMessage.Encode(text));
        Assert.Equal(text, StatusMessage.Decode(encoded));
    }

    [Fact]
    public void Encode_LoneSurrogate_BecomesTheReplacementCharacter() => Assert.Equal("%EF%BF%BD", StatusMessage.Encode("\ud83d"));

    [Fact]
    public void Encode_LongText_IsCutBetweenCharacters()
    {
        string encoded = StatusMessage.Encode("x" + new string('ä', 5000));
        Assert.InRange(encoded.Length, StatusMessage.MaxEncodedLength - 6, StatusMessage.MaxEncodedLength);
        Assert.Equal("x" + new string('ä', (encoded.Length - 1) / 6), StatusMessage.Decode(encoded));
    }

    [Theory]
    [InlineData("50%", "50%")]
    [InlineData("%zz%4", "%zz%4")]
    [InlineData("%ff", "\ufffd")]
    [InlineData("\u00c3\u00a4", "ä")]
    public void Decode_NotQuiteEncoded_FailsNothing(string encoded, string text) => Assert.Equal(text, StatusMessage.Decode(encoded));
}
