namespace RunnerMetrics.Grpc.Tests;

public class GrpcTimeoutTests
{
    [Theory]
    [InlineData("5S", 50_000_000)]
    [InlineData("4980m", 49_800_000)]
    [InlineData("250u", 2_500)]
    [InlineData("300n", 3)]
    [InlineData("1n", 1)]
    [InlineData("2M", 1_200_000_000)]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("00000001S", 10_000_000)]
    [InlineData("0S", 0)]
    [InlineData("99999999H", 99_999_999 * TimeSpan.TicksPerHour)]
    public void TryParse_ValueAndUnit_IsThatLong(string header, long ticks)
    {
        Assert.True(GrpcTimeout.TryParse(header, out TimeSpan timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("5")]
    [InlineData("5s")]
    [InlineData("-5S")]
    [InlineData("+5S")]
    [InlineData(" 5S")]
    [InlineData("5 S")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    [InlineData("٥S")]
    public void TryParse_AnythingElse_Fails(string header) => Assert.False(GrpcTimeout.TryParse(header, out _));

    [Theory]
    [InlineData(1, "1u")]
    [InlineData(50_000_000, "5000000u")]
    [InlineData(999_999_990, "99999999u")]
    [InlineData(999_999_991, "100000m")]
    [InlineData(TimeSpan.TicksPerDay, "86400000m")]
    [InlineData(30 * TimeSpan.TicksPerDay, "2592000S")]
    [InlineData(long.MaxValue, "99999999H")]
    public void Format_AnyTimeout_IsTheFinestUnitRoundedUp(long ticks, string header) =>
        Assert.Equal(header, GrpcTimeout.Format(TimeSpan.FromTicks(ticks)));
}
