using RunnerMetrics.Agent.Spool;
using RunnerMetrics.Hosting.Folders;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Spool;

/// <summary>A real file system of 64 kB.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task Append_RealDiskFull_KeepsWhatItTookAndGoesOnByItself()
    {
        await using var disk = await SmallDisk.MountAsync("size=64k");
        var ballast = Path.Combine(disk.Path, "ballast");
        File.WriteAllBytes(ballast, new byte[24 * 1024]);
        var story = new SpoolStory(0);
        var taken = 0;
        using (var folder = DiskFolder.Open(disk.Path, "agent", "--spool"))
        using (var spool = story.Open(folder))
        {
            var full = Assert.Throws<IOException>(() =>
            {
                for (; taken < 1000; taken++)
                {
                    Append(spool, taken);
                }
            });
            Assert.Contains("No space left", full.Message, StringComparison.Ordinal);
            Assert.InRange(taken, 20, 500);
            Assert.Equal(taken, spool.Next(1000)!.Events.Count);
            Assert.False(spool.IsReady());

            story.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(spool.IsReady());
            Assert.Throws<IOException>(() => Append(spool, taken));

            File.Delete(ballast);
            story.Time.Advance(TimeSpan.FromSeconds(30));
            Assert.True(spool.IsReady());
            Append(spool, taken);
        }

        using var later = DiskFolder.Open(disk.Path, "agent", "--spool");
        using var again = story.Open(later);
        Assert.Equal(Enumerable.Range(0, taken + 1).Select(at => $"e{at}"), again.Next(1000)!.Events.Select(e => e.EventId));
    }

    [Fact]
    public void Open_FolderInUse_SaysSo()
    {
        using var temporary = new TemporaryFolder();
        using var folder = DiskFolder.Open(temporary.Path, "agent", "--spool");
        var refused = Assert.Throws<StorageException>(() => DiskFolder.Open(temporary.Path, "agent", "--spool"));
        Assert.Contains("in use by another agent", refused.Message, StringComparison.Ordinal);
    }

    private static void Append(EventSpool spool, int at) => spool.Append([SpoolStory.EventAt(at)], SpoolStory.PlaceAt(at + 1));
}
