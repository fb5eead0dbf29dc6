using RunnerMetrics.Agent.Spool;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Spool;

/// <summary>The spool that each release left in tests/releases (EndToEnd.Tests/Compatibility writes it) is read by this version: three jobs that could not be delivered.</summary>
public class ReleasedSpoolTests
{
    private static readonly string Releases = Path.Combine(RepositoryFolder.Path, "tests", "releases");

    public static TheoryData<string> Versions() => [.. Directory.EnumerateDirectories(Releases).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Spool_OfARelease_HasEveryEventThatWaits(string version)
    {
        var written = File.ReadAllBytes(Path.Combine(Releases, version, "spool"));
        var log = new SpoolLogger();
        using var spool = EventSpool.Open(
            new PowerCutFolder { [EventSpool.FileName] = written }, new SpoolOptions { CompactAfter = long.MaxValue }, new ManualTimeProvider(new DateTimeOffset(2026, 11, 29, 0, 0, 0, TimeSpan.Zero)), log);

        Assert.Empty(log.Lines);
        Assert.Equal(0UL, spool.Lost);
        Assert.NotNull(spool.Place);
        var events = spool.Next(1000)!.Events;
        Assert.Equal(spool.Waiting, events.Count);
        Assert.Equal(3, events.Count(one => one.JobCompleted is not null));
        Assert.All(events, one => Assert.Equal("build-7", one.Runner.Name));
    }
}
