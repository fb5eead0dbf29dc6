using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Hooks;

/// <summary>Every shell script of the images, read by those who know shells.</summary>
public sealed class ScriptTests
{
    private static readonly string Images = Path.Combine(RepositoryFolder.Path, "src/runner-images");

    public static TheoryData<string> Scripts =>
        [.. Directory.EnumerateFiles(Images, "*.sh", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Images, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scripts))]
    public Task Script_Shellcheck_FindsNothingToSay(string script) => AssertSilentAsync("shellcheck", "/usr/bin/shellcheck", Path.Combine(Images, script));

    [Theory]
    [MemberData(nameof(Scripts))]
    public Task Script_SmallShell_UnderstandsIt(string script) => AssertSilentAsync("busybox", "/bin/busybox", "sh", "-n", Path.Combine(Images, script));

    private static async Task AssertSilentAsync(string package, string program, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(program), $"{program} is not on this machine: run ./test.sh, or apt-get install {package}");
        Assert.Equal(new ProcessRun(0, "", ""), await ProcessRun.RunAsync(program, arguments, TestContext.Current.CancellationToken));
    }
}
