using RunnerMetrics.Agent.Configuration;

namespace RunnerMetrics.Agent.Tests.Spool;

public class SpoolLimitsTests
{
    [Theory]
    [InlineData(null, 64 * 1024 * 1024)]
    [InlineData("1M", 1024 * 1024)]
    [InlineData("2048k", 2 * 1024 * 1024)]
    [InlineData("1g", 1024 * 1024 * 1024)]
    [InlineData("5000000", 5_000_000)]
    public void ValidateSize_Size_IsInBytes(string? text, long bytes)
    {
        var problems = new List<string>();
        Assert.Equal(bytes, SpoolLimits.ValidateSize(text, problems));
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("1K")]
    [InlineData("2G")]
    [InlineData("-5M")]
    [InlineData("9223372036854775807G")]
    public void ValidateSize_NoSize_SaysWhatWouldBeRight(string text)
    {
        var problems = new List<string>();
        SpoolLimits.ValidateSize(text, problems);
        Assert.Equal($"--spool-max-size '{text}' is no size of a spool: give 1M to 1G, such as 64M.", Assert.Single(problems));
    }

    [Theory]
    [InlineData(null, 30 * 86400)]
    [InlineData("12h", 12 * 3600)]
    [InlineData("35d", 35 * 86400)]
    public void ValidateAge_Time_IsIt(string? text, int seconds)
    {
        var problems = new List<string>();
        Assert.Equal(TimeSpan.FromSeconds(seconds), SpoolLimits.ValidateAge(text, problems));
        Assert.Empty(problems);
    }

    [Theory]
    [InlineData("")]
    [InlineData("36d")]
    [InlineData("30")]
    [InlineData("99999999999d")]
    public void ValidateAge_NoTime_SaysWhatWouldBeRight(string text)
    {
        var problems = new List<string>();
        SpoolLimits.ValidateAge(text, problems);
        Assert.Equal($"--spool-max-age '{text}' is no such time: give 1m to 35d, such as 30d.", Assert.Single(problems));
    }
}
