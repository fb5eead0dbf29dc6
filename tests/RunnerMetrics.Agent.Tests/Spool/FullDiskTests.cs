using System.Diagnostics;
using RunnerMetrics.Agent.Spool;
using RunnerMetrics.Hosting.Folders;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Spool;

/// <summary>A real file system of 64 kB.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private bool _isMounted;

    [Fact]
    public void Append_RealDiskFull_KeepsWhatItTookAndGoesOnByItself()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a tmpfs.");
        _isMounted = Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", _folder.Path);
        Assert.SkipUnless(_isMounted, "This user cannot mount a tmpfs: run the tests as root, in a container that may mount.");
        var ballast = Path.Combine(_folder.Path, "ballast");
        File.WriteAllBytes(ballast, new byte[24 * 1024]);
        var story = new SpoolStory(0);
        var taken = 0;
        using (var folder = DiskFolder.Open(_folder.Path, "agent", "--spool"))
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

        using var later = DiskFolder.Open(_folder.Path, "agent", "--spool");
        using var again = story.Open(later);
        Assert.Equal(Enumerable.Range(0, taken + 1).Select(at => $"e{at}"), again.Next(1000)!.Events.Select(e => e.EventId));
    }

    [Fact]
    public void Open_FolderInUse_SaysSo()
    {
        using var folder = DiskFolder.Open(_folder.Path, "agent", "--spool");
        var refused = Assert.Throws<StorageException>(() => DiskFolder.Open(_folder.Path, "agent", "--spool"));
        Assert.Contains("in use by another agent", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        if (_isMounted)
        {
            Run("umount", _folder.Path);
        }

        _folder.Dispose();
    }

    private static void Append(EventSpool spool, int at) => spool.Append([SpoolStory.EventAt(at)], SpoolStory.PlaceAt(at + 1));

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
