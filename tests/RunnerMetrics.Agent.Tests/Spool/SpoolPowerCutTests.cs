
namespace RunnerMetrics.Agent.Tests.Spool;

public class SpoolPowerCutTests
{
    private const int Events = 14;

    [Fact]
    public void Cut_AtEveryOperation_LosesNothingThatTheSpoolTookAndRepeatsNoNumber()
    {
        var operations = Operations();
        Assert.InRange(operations, 40, 400);
        for (var at = 1; at <= operations; at++)
        {
            for (var seed = -1; seed < 8; seed++)
            {
                var story = new SpoolStory(Events);
                var disk = new PowerCutFolder { StopAt = at };
                story.Run(disk, () => disk.IsOff, seed: 1);
                var after = seed < 0 ? disk.AfterCut() : disk.AfterCut(new Random(seed));
                story.Run(after, () => false, seed);
                AssertHolds(story, $"cut at operation {at}, seed {seed}");
            }
        }
    }

    // A process that was killed leaves its writes in the page cache: they are read again, but are they durable?
    [Fact]
    public void Cut_AfterAKillAtEveryOperation_LosesNothingOfEither()
    {
        var operations = Operations();
        var random = new Random(3);
        for (var killedAt = 1; killedAt <= operations; killedAt++)
        {
            for (var after = 1; after <= 30; after += random.Next(1, 3))
            {
                var story = new SpoolStory(Events);
                var disk = new PowerCutFolder { StopAt = killedAt };
                story.Run(disk, () => disk.IsOff, seed: 1);
                disk.AfterKill().StopAt = disk.Operations + after;
                story.Run(disk, () => disk.IsOff, seed: 2);
                story.Run(disk.AfterCut(random), () => false, seed: 3);
                AssertHolds(story, $"killed at operation {killedAt}, cut {after} operations later");
            }
        }
    }

    [Fact]
    public void Cut_AgainAndAgainDuringTheRecovery_LosesNothing()
    {
        var operations = Operations();
        var random = new Random(5);
        for (var at = 1; at <= operations; at++)
        {
            var story = new SpoolStory(Events);
            var disk = new PowerCutFolder { StopAt = at };
            story.Run(disk, () => disk.IsOff, seed: 1);
            for (var again = 0; again < 6; again++)
            {
                disk = disk.AfterCut(random);
                disk.StopAt = random.Next(1, 12);
                story.Run(disk, () => disk.IsOff, again);
            }

            story.Run(disk.AfterCut(random), () => false, seed: 9);
            AssertHolds(story, $"first cut at operation {at}");
        }
    }

    private static int Operations()
    {
        var story = new SpoolStory(Events);
        var disk = new PowerCutFolder();
        story.Run(disk, () => false, seed: 1);
        AssertHolds(story, "without a cut");
        return disk.Operations;
    }

    private static void AssertHolds(SpoolStory story, string when)
    {
        Assert.True(story.IsComplete, $"Events are lost, {when}.");
        Assert.True(!story.Repeated.Any(), $"Delivered under several numbers, {when}: {string.Join(", ", story.Repeated)}");
    }
}
