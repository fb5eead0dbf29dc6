using System.Text.RegularExpressions;
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

    // promtool evaluates groups in no fixed order, and what one records another may read.
    [Theory]
    [MemberData(nameof(Tests))]
    public async Task Tests_OfSeveralGroups_NameTheirOrder(string file)
    {
        var test = await File.ReadAllTextAsync(Path.Combine(Folder, "tests", file), TestContext.Current.CancellationToken);
        var rules = Regex.Matches(test, @"(?m)^  - \.\./rules/(\S+)").Select(match => File.ReadAllText(Path.Combine(Folder, "rules", match.Groups[1].Value)));
        var groups = rules.SelectMany(text => Regex.Matches(text, @"(?m)^  - name: (\S+)")).Select(match => match.Groups[1].Value).ToList();
        var order = Regex.Match(test, @"(?m)^group_eval_order: \[(.*)\]").Groups[1].Value;

        Assert.NotEmpty(groups);
        Assert.True(groups.Count == 1 || groups.Order().SequenceEqual(order.Split(", ").Order()), $"group_eval_order of {string.Join(", ", groups)} is [{order}].");
    }

    [Fact]
    public void Rules_Each_HasATest() =>
        Assert.Subset(FilesOf("tests").ToHashSet(), FilesOf("rules").Select(file => Path.ChangeExtension(file, ".test.yml")).ToHashSet());

    private static IEnumerable<string> FilesOf(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.yml").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal);
}
