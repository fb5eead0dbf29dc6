using RunnerMetrics.Exporter.Tests.Support;

namespace RunnerMetrics.Exporter.Tests.Webhooks;

/// <summary>A state that an earlier version left, as it wrote it, is read by this one: nothing that was counted is forgotten by an upgrade.</summary>
public class StateVersionTests
{
    private static readonly string States = Path.Combine(Testing.RepositoryFolder.Path, "tests/RunnerMetrics.Exporter.Tests/Fixtures/states");

    [Theory]
    [InlineData(4)]
    public void Load_StateOfAnEarlierVersion_ShowsWhatItShowed(int version)
    {
        using var fleet = new WebhookFleet();

        fleet.Load(File.ReadAllBytes(Path.Combine(States, $"version-{version}.bin")));

        Assert.Equal(File.ReadAllText(Path.Combine(States, $"version-{version}.txt")), fleet.Text());
    }

    [Theory]
    [InlineData(4)]
    public void Load_StateOfAnEarlierVersion_KnowsWhatWasCounted(int version)
    {
        using var fleet = new WebhookFleet();
        fleet.Load(File.ReadAllBytes(Path.Combine(States, $"version-{version}.bin")));
        var before = fleet.Counts();

        // The agent's words and GitHub's that made it, once more.
        fleet.Take(Wire.Completed("c1", "j1").With(told => told.JobCompleted.Job.CheckRunId = 1001));
        fleet.Take(Payload.Job("completed"));

        Assert.Equal(before, fleet.Counts());
        fleet.Restart();
    }

    [Fact]
    public void Load_StateOfALaterVersion_IsRefused()
    {
        using var fleet = new WebhookFleet();
        var state = fleet.Save();
        state[0]++;

        var refusal = Assert.Throws<InvalidDataException>(() => fleet.Load(state));

        Assert.Contains("run the version that wrote it, or a later one", refusal.Message, StringComparison.Ordinal);
    }
}
