using System.Diagnostics;
using System.Runtime.InteropServices;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Release;

/// <summary>What ./build-release.sh makes of the published programs, and a clean Debian to install it on. Each is made once, when a test first asks for it.</summary>
public sealed class BuiltRelease : IDisposable
{
    /// <summary>The collection of tests that share it.</summary>
    public const string Collection = "release";

    private const string Arm64 = "linux-arm64";

    // Where a clean machine finds it.
    private const string Url = "http://127.0.0.1:8000/acme/RunnerMetrics/releases/download";

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task<string>> _files;
    private readonly Lazy<Task<string>> _machine;
    private readonly Lazy<Task<string>> _arm64;

    public BuiltRelease()
    {
        _files = new Lazy<Task<string>>(() => BuildAsync("first"));
        _machine = new Lazy<Task<string>>(() => BootstrapAsync("machine", "--variant=minbase", "--include=curl,ca-certificates,systemd"));
        _arm64 = new Lazy<Task<string>>(UnpackForArm64Async);
    }

    /// <summary>The platform of this machine, as releases name it.</summary>
    public static string Runtime { get; } = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? Arm64 : "linux-x64";

    /// <summary>The platforms that it is built for: this machine's, and arm64 where ./test.sh published for it.</summary>
    public static IReadOnlyList<string> Runtimes => Runtime == Arm64 || !Directory.Exists($"{Published}-{Arm64}") ? [Runtime] : [Runtime, Arm64];

    /// <summary>The version that is released.</summary>
    public static string Version { get; } = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "VERSION")).Trim();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static string Published => Path.GetFullPath(Environment.GetEnvironmentVariable("RUNNER_METRICS_PROGRAMS") ?? "out/published", RepositoryFolder.Path);

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
            ["--output", output, "--published", Published, .. Runtimes.SelectMany(runtime => (string[])["--runtime", runtime]), "--url", Url, "--tools"])
        {
            WorkingDirectory = RepositoryFolder.Path,
        };
        // Without it the time is that of the last commit, which may change between two builds.
        start.Environment["SOURCE_DATE_EPOCH"] = "1795910400";
        // The build of the tool packages leaves no process behind.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        await using var build = RunningProgram.Start(start);
        // Patience is for each file: on a busy machine all of them take longer than it lasts.
        for (var files = -1; !build.HasExited;)
        {
            var before = files;
            await Wait.UntilAsync(
                () => Task.FromResult(build.HasExited || (files = Directory.Exists(output) ? Directory.EnumerateFiles(output).Count() : 0) > before),
                () => $"build-release.sh has made no file since the one numbered {before}: {build.Said}",
                Cancelled);
        }

        var run = await build.EndAsync();
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

    /// <summary>What runs a program of the release for arm64 on this machine, by qemu, with the libraries of a Debian for arm64 that its packages were unpacked into.</summary>
    /// <param name="program">The program's path there.</param>
    /// <param name="arguments">Its arguments.</param>
    public async Task<ProcessStartInfo> OnArm64Async(string program, params string[] arguments)
    {
        SkipUnlessMachinesCanBeMade();
        SkipWithout("qemu-aarch64");
        Assert.SkipUnless(
            Runtimes.Contains(Arm64), "There are no programs for arm64: ./test.sh publishes them on x64 (its linker is binutils-aarch64-linux-gnu, with libc6-dev-arm64-cross and libgcc-12-dev-arm64-cross).");
        var root = await _arm64.Value;
        return new ProcessStartInfo("qemu-aarch64", ["-L", root, Path.Join(root, program), .. arguments]);
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

    private async Task<string> BootstrapAsync(string name, params string[] options)
    {
        var root = _folder.File(name);
        var run = await ProcessRun.RunAsync("mmdebstrap", ["--quiet", .. options, "bookworm", root], Cancelled);
        Assert.True(run.ExitCode == 0, run.Said);
        return root;
    }

    // Unpacked and not installed: nothing of arm64 is run to make it.
    private async Task<string> UnpackForArm64Async()
    {
        var root = await BootstrapAsync("arm64", "--variant=extract", "--architectures=arm64", "--include=libssl3");
        var files = await FilesAsync();
        foreach (var package in Directory.EnumerateFiles(files, "*_arm64.deb"))
        {
            var unpacked = await ProcessRun.RunAsync("dpkg-deb", ["--extract", package, root], Cancelled);
            Assert.True(unpacked.ExitCode == 0, unpacked.Said);
        }

        var archive = Path.Combine(files, $"runner-metrics-standalone-{Version}-{Arm64}.tar.gz");
        var run = await ProcessRun.RunAsync("tar", ["-xzf", archive, "-C", Directory.CreateDirectory(Path.Combine(root, "opt")).FullName, "--strip-components=1"], Cancelled);
        Assert.True(run.ExitCode == 0, run.Said);
        return root;
    }
}
