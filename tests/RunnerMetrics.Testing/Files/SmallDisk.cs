namespace RunnerMetrics.Testing;

/// <summary>A small file system, mounted over a folder of its own; only root on Linux can make one.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SmallDisk()
    {
    }

    public string Path => _folder.Path;

    /// <summary>Mounts one, or skips the test where that is not allowed.</summary>
    /// <param name="options">As tmpfs takes them: <c>size=64k</c>, <c>size=16k,ro</c>.</param>
    public static async Task<SmallDisk> MountAsync(string options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root on Linux can mount a small disk.");
        var disk = new SmallDisk();
        var mount = await ProcessRun.RunAsync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", disk.Path], TestContext.Current.CancellationToken);
        if (mount.ExitCode != 0)
        {
            disk._folder.Dispose();
            Assert.Skip($"A small disk cannot be mounted here: that needs CAP_SYS_ADMIN in a container. {mount.Said}");
        }

        return disk;
    }

    /// <summary>Writes one file, until nothing more fits.</summary>
    /// <returns>The file's path.</returns>
    public string Fill()
    {
        var path = _folder.File("filler");
        using var filler = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        var block = new byte[4096];
        try
        {
            for (var at = 0L; ; at += block.Length)
            {
                RandomAccess.Write(filler, block, at);
            }
        }
        catch (IOException)
        {
            return path;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ProcessRun.RunAsync("umount", ["-l", Path], CancellationToken.None);
        _folder.Dispose();
    }
}
