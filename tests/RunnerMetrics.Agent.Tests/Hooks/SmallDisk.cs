using System.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Hooks;

/// <summary>A file system of a few kilobytes, mounted over a folder; only root can make one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SmallDisk(string options)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Only root on Linux can mount a small disk.");
        var (exitCode, said) = Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", _folder.Path);
        if (exitCode != 0)
        {
            _folder.Dispose();
            Assert.Skip($"A small disk cannot be mounted here: {said}");
        }
    }

    public string Path => _folder.Path;

    public static SmallDisk Full()
    {
        var disk = new SmallDisk("size=16k");
        try
        {
            File.WriteAllBytes(System.IO.Path.Combine(disk.Path, "everything"), new byte[1 << 20]);
        }
        catch (IOException)
        {
            return disk;
        }

        throw new InvalidOperationException("1 MB fits on a disk of 16 kB.");
    }

    public static SmallDisk ReadOnly() => new("size=16k,ro");

    public void Dispose()
    {
        Run("umount", Path);
        _folder.Dispose();
    }

    private static (int ExitCode, string Said) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd().Trim();
        process.WaitForExit();
        return (process.ExitCode, said);
    }
}
