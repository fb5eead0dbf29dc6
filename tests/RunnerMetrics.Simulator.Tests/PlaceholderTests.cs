namespace RunnerMetrics.Simulator.Tests;

public class PlaceholderTests
{
    [Fact]
    public void Project_Builds() => Assert.True(true);
}
