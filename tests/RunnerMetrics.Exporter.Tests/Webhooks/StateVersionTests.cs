using RunnerMetrics.Exporter.Tests.Support;

namespace RunnerMetrics.Exporter.Tests.Webhooks;

/// <summary>A state that another version left is not taken for one's own.</summary>
public class StateVersionTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Load_StateOfAnotherVersion_IsRefused(int difference)
    {
        using var fleet = new WebhookFleet();
        var state = fleet.Save();
        state[0] = (byte)(state[0] + difference);

        var refusal = Assert.Throws<InvalidDataException>(() => fleet.Load(state));

        Assert.Contains("run the version that wrote it", refusal.Message, StringComparison.Ordinal);
    }
}
