using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Prometheus;

/// <summary>The rules that dashboards and alerts stand on: promtool finds nothing wrong with them, and their own tests pass.</summary>
public class RecordingRuleTests
{
    private static readonly string Folder = Path.Combine(RepositoryFolder.Path, "dashboards", "prometheus");

    public static TheoryData<string> Rules() => [.. FilesOf("rules")];

    public static TheoryData<string> Tests() => [.. FilesOf("tests")];

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Rules_Promtool_FindsNothingToSay(string file)
    {
        Promtool.SkipWhereMissing();
        Assert.Equal((0, ""), await Promtool.RunAsync(["check", "rules", Path.Combine(Folder, "rules", file)], TestContext.Current.CancellationToken));
    }

    [Theory]
    [MemberData(nameof(Tests))]
    public async Task Rules_TheirTests_Pass(string file)
    {
        Promtool.SkipWhereMissing();
        Assert.Equal((0, ""), await Promtool.RunAsync(["test", "rules", Path.Combine(Folder, "tests", file)], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Rules_Each_HasATest() =>
        Assert.Subset(FilesOf("tests").ToHashSet(), FilesOf("rules").Select(file => Path.ChangeExtension(file, ".test.yml")).ToHashSet());

    private static IEnumerable<string> FilesOf(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.yml").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal);
}
