using System.Net;
using RunnerMetrics.Hosting.CommandLine;

namespace RunnerMetrics.Hosting.Tests.CommandLine;

/// <summary>What the values of options look like, for every program alike.</summary>
public class ValueKindTests
{
    private static readonly ValueKind<long> SpoolSize = Sizes.Between(1 << 20, 1 << 30, 64 << 20);

    [Theory]
    [InlineData("30s", 30)]
    [InlineData("0.25s", 0.25)]
    [InlineData("5m", 300)]
    [InlineData("1.5h", 5400)]
    [InlineData("7d", 604800)]
    [InlineData("0s", 0)]
    public void Duration_NumberAndUnit_IsTaken(string text, double seconds) => Assert.Equal((TimeSpan.FromSeconds(seconds), null), Durations.Any.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("30")]
    [InlineData("soon")]
    [InlineData("-5s")]
    [InlineData("1,5h")]
    [InlineData("1y")]
    [InlineData("NaNs")]
    [InlineData("Infinityd")]
    [InlineData("99999999999d")]
    public void Duration_AnythingElse_SaysWhatWouldBeRight(string text) =>
        Assert.Equal("is not a duration: give a number and s, m, h or d, such as 30s or 7d.", Durations.Any.Parse(text).Problem);

    [Theory]
    [InlineData(0.25, "0.25s")]
    [InlineData(0, "0s")]
    [InlineData(30, "30s")]
    [InlineData(90, "90s")]
    [InlineData(5400, "90m")]
    [InlineData(172800, "48h")]
    [InlineData(259200, "3d")]
    public void Duration_Written_IsReadAsTheSame(double seconds, string text)
    {
        Assert.Equal(text, Durations.Any.Format(TimeSpan.FromSeconds(seconds)));
        Assert.Equal(TimeSpan.FromSeconds(seconds), Durations.Any.Parse(text).Value);
    }

    [Fact]
    public void Duration_OutOfBounds_NamesTheBounds()
    {
        var age = Durations.Between(TimeSpan.FromMinutes(1), TimeSpan.FromDays(35), TimeSpan.FromDays(30));
        Assert.Equal((TimeSpan.FromDays(35), null), age.Parse("35d"));
        Assert.All(["36d", "59s", "30", ""], text => Assert.Equal("is not a duration from 1m to 35d: give one such as 30d.", age.Parse(text).Problem));
    }

    [Fact]
    public void Duration_Off_IsNone()
    {
        Assert.Equal((null, null), Durations.OrOff.Parse("off"));
        Assert.Equal((TimeSpan.FromDays(90), null), Durations.OrOff.Parse("90d"));
        Assert.Equal(("off", "90d"), (Durations.OrOff.Format(null), Durations.OrOff.Format(TimeSpan.FromDays(90))));
    }

    [Theory]
    [InlineData("1M", 1 << 20)]
    [InlineData("2048k", 2 << 20)]
    [InlineData("1g", 1 << 30)]
    [InlineData("5000000", 5_000_000)]
    public void Size_NumberAndUnit_IsInBytes(string text, long bytes)
    {
        Assert.Equal((bytes, null), SpoolSize.Parse(text));
        Assert.Equal(bytes, SpoolSize.Parse(SpoolSize.Format(bytes)).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("1K")]
    [InlineData("2G")]
    [InlineData("-5M")]
    [InlineData("1.5M")]
    [InlineData("9223372036854775807G")]
    public void Size_AnythingElse_SaysWhatWouldBeRight(string text) =>
        Assert.Equal("is not a size from 1M to 1G: give one such as 64M.", SpoolSize.Parse(text).Problem);

    [Theory]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("::1", "::1")]
    public void Bind_Address_IsTaken(string text, string address) => Assert.Equal((IPAddress.Parse(address), null), Addresses.Bind.Parse(text));

    [Theory]
    [InlineData("9091")]
    [InlineData("everywhere")]
    [InlineData("")]
    public void Bind_AnythingElse_SaysWhatWouldBeRight(string text) =>
        Assert.Equal("is not an IP address: give one such as 127.0.0.1 or 0.0.0.0.", Addresses.Bind.Parse(text).Problem);

    [Theory]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("collector:9095")]
    [InlineData("http://127.0.0.1:9095/metrics")]
    [InlineData("http://user:password@127.0.0.1:9095")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("http://")]
    public void Service_MoreOrLessThanHostAndPort_IsRefused(string text)
    {
        var kind = Addresses.Service("http://127.0.0.1:9095");
        Assert.Equal("is not an address: give http://HOST:PORT or https://HOST:PORT, such as http://127.0.0.1:9095.", kind.Parse(text).Problem);
        Assert.Equal((new Uri("https://collector:9095"), null), kind.Parse("https://collector:9095"));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("65536")]
    [InlineData("http")]
    public void Port_OutOfBounds_SaysWhatWouldBeRight(string text) => Assert.Equal("is not a port: give 1 to 65535, or 0 for any free one.", Numbers.Port.Parse(text).Problem);

    [Fact]
    public void OrNone_Value_IsReadAsItsKindDoes()
    {
        var kind = Numbers.KnownPort.OrNone();
        Assert.Equal((8080, null), kind.Parse("8080"));
        Assert.Equal((null, "is not a port: give 1 to 65535."), kind.Parse("0"));
        Assert.Equal("8080", kind.Format(8080));
    }

    [Fact]
    public void Numbers_OutOfBounds_NameTheBounds()
    {
        Assert.Equal("is not a whole number from 1 to 10.", Numbers.Between(1, 10).Parse("11").Problem);
        Assert.Equal("is not a number from 0.1 to 100.", Numbers.Between(0.1, 100).Parse("0").Problem);
        Assert.Equal((2.5, null), Numbers.Between(0.1, 100).Parse("2.5"));
        Assert.Equal("is not a whole number: give one such as 7.", Numbers.Whole.Parse("x").Problem);
    }

    [Fact]
    public void Texts_ListsAndPairs_AreTrimmed()
    {
        Assert.Equal(["a", "b"], Texts.List("NAMES").Parse(" a, ,b").Value);
        var pairs = Texts.Pairs("LABEL=TYPE", "gpu=chrome");
        Assert.Equal("chrome", pairs.Parse("GPU = chrome,x=y").Value!["gpu"]);
        Assert.Equal("holds 'gpu', which is not LABEL=TYPE: give such as gpu=chrome.", pairs.Parse("a=b,gpu").Problem);
    }

    [Fact]
    public void OneOf_AnotherWord_NamesThoseThereAre()
    {
        var kind = Texts.OneOf("WHICH", ("all", 1), ("known", 2));
        Assert.Equal((2, null), kind.Parse("known"));
        Assert.Equal("is not one of all, known.", kind.Parse("some").Problem);
        Assert.Equal("all", kind.Format(1));
    }
}
