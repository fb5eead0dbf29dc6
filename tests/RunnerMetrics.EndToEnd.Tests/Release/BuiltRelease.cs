using System.Diagnostics;
using System.Runtime.InteropServices;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Release;

/// <summary>What ./build-release.sh makes of the published programs, and a clean Debian to install it on. Each is made once, when a test first asks for it.</summary>
public sealed class BuiltRelease : IDisposable
{
    /// <summary>The collection of tests that share it.</summary>
    public const string Collection = "release";

    // Where a clean machine finds it.
    private const string Url = "http://127.0.0.1:8000/acme/RunnerMetrics/releases/download";

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task<string>> _files;
    private readonly Lazy<Task<string>> _machine;

    public BuiltRelease()
    {
        _files = new Lazy<Task<string>>(() => BuildAsync("first"));
        _machine = new Lazy<Task<string>>(BootstrapAsync);
    }

    /// <summary>The platform of this machine, as releases name it.</summary>
    public static string Runtime { get; } = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";

    /// <summary>The version that is released.</summary>
    public static string Version { get; } = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "VERSION")).Trim();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The folder with the files of the release.</summary>
    public Task<string> FilesAsync() => _files.Value;

    /// <summary>The root folder of a Debian that has nothing of ours.</summary>
    public Task<string> CleanMachineAsync() => _machine.Value;

    /// <summary>A release that is built anew, to a folder of its own.</summary>
    public async Task<string> BuildAsync(string name)
    {
        Programs.SkipUnlessPublished();
        SkipWithout("zip", "dpkg-deb");
        var output = _folder.File(name);
        var start = new ProcessStartInfo(
            Path.Combine(RepositoryFolder.Path, "build-release.sh"),
            ["--output", output, "--published", Path.GetFullPath(Environment.GetEnvironmentVariable("RUNNER_METRICS_PROGRAMS")!, RepositoryFolder.Path), "--runtime", Runtime, "--url", Url])
        {
            WorkingDirectory = RepositoryFolder.Path,
        };
        // Without it the time is that of the last commit, which may change between two builds.
        start.Environment["SOURCE_DATE_EPOCH"] = "1795910400";
        var run = await ProcessRun.RunAsync(start, Cancelled);
        Assert.True(run.ExitCode == 0, run.Said);
        return output;
    }

    /// <summary>Runs a script on a clean machine.</summary>
    /// <param name="script">The script's path, or the name of one in tests/release.</param>
    /// <param name="shared">The folder that it sees as /shared, with the release to be served in its folder release.</param>
    /// <returns>What it wrote.</returns>
    public async Task<string> RunOnCleanMachineAsync(string script, string shared)
    {
        var machine = await CleanMachineAsync();
        var folder = Path.Combine(RepositoryFolder.Path, "tests", "release");
        var run = await ProcessRun.RunAsync(Path.Combine(folder, "on-clean-machine.sh"), [machine, Path.Combine(folder, script), shared], Cancelled);
        Assert.True(run.ExitCode == 0, run.Said);
        return run.Said;
    }

    /// <summary>Skips a test that needs what only root may do, or a program that is missing.</summary>
    public static void SkipUnlessMachinesCanBeMade()
    {
        Assert.SkipUnless(Environment.UserName == "root", "Makes a root folder and mounts in it: run it as root.");
        SkipWithout("mmdebstrap", "unshare", "busybox", "python3");
    }

    public void Dispose() => _folder.Dispose();

    private static void SkipWithout(params string[] programs)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var missing = programs.Where(program => !path.Any(folder => File.Exists(Path.Combine(folder, program)))).ToArray();
        Assert.SkipUnless(missing.Length == 0, $"{string.Join(", ", missing)} is not on this machine: run ./test.sh, which installs it.");
    }

    private async Task<string> BootstrapAsync()
    {
        var root = _folder.File("machine");
        var run = await ProcessRun.RunAsync("mmdebstrap", ["--quiet", "--variant=minbase", "--include=curl,ca-certificates,systemd", "bookworm", root], Cancelled);
        Assert.True(run.ExitCode == 0, run.Said);
        return root;
    }
}
