using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Domain.Tests.Jobs;

public class JobKeyTests
{
    private const string Guid = "6f0e4c54-5ba0-5b3d-a1c2-8a7de2e3b0f1";

    private static readonly DateTimeOffset At = new(2026, 11, 21, 0, 22, 47, TimeSpan.Zero);

    [Fact]
    public void Create_SameLineReadAgain_IsTheSameKey()
    {
        var key = JobKey.Create("r1", Guid, At);
        Assert.Matches("^[0-9a-f]{32}$", key);
        Assert.Equal(key, JobKey.Create("r1", Guid.ToUpperInvariant(), At.AddMilliseconds(999)));
        Assert.Equal(key, JobKey.Create("r1", Guid, At.ToOffset(TimeSpan.FromHours(2))));
        Assert.Equal(JobKey.Create("r1", Guid, At, "github.com/acme"), JobKey.Create("r1", Guid, At, "github.com/Acme"));
    }

    // Senders keep keys in their spools and exporters in their journals: how one is made never changes.
    [Fact]
    public void Create_AnyVersion_GivesTheKeyThatIsAlreadyStored() =>
        Assert.Equal("6c3b5816fcf090199179ed751ce782ad", JobKey.Create("runner-1", Guid, At));

    [Fact]
    public void Create_AnotherRunnerScopeGuidOrSecond_IsAnotherKey() => Assert.Distinct(
    [
        JobKey.Create("r1", Guid, At),
        JobKey.Create("r2", Guid, At),
        JobKey.Create("r1", Guid.Replace('6', '7'), At),
        JobKey.Create("r1", Guid, At.AddSeconds(1)),
        JobKey.Create("r1", Guid, At, "github.com/acme"),
        JobKey.Create("r1", Guid, At, "github.com/zoo"),
    ]);

    [Theory]
    [InlineData("", Guid)]
    [InlineData("r1", "")]
    public void Create_NameOrGuidMissing_IsRefused(string runner, string jobId) =>
        Assert.Throws<ArgumentException>(() => JobKey.Create(runner, jobId, At));
}
