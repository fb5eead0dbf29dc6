using System.Text.RegularExpressions;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>docs/runner-logs.md covers every runner version that a sample was written by.</summary>
public partial class RunnerLogsPageTests
{
    [Fact]
    public void Page_EverySample_IsOfAVersionThatItKnows()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs", "runner-logs.md"));
        var known = Version.Parse(KnownVersion().Match(page).Groups[1].Value);
        var samples = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures"), "*.log", SearchOption.AllDirectories);
        var versions = samples.SelectMany(file => LoggedVersion().Matches(File.ReadAllText(file)).Select(match => (Version: Version.Parse(match.Groups[1].Value), File: file))).ToList();
        Assert.True(versions.Count >= 20, $"Only {versions.Count} samples say their version.");
        var newest = versions.MaxBy(sample => sample.Version);
        Assert.True(
            newest.Version <= known,
            $"{newest.File} is of runner {newest.Version}, and docs/runner-logs.md knows versions up to {known}: read what changed in that version, and say so there.");
    }

    [Fact]
    public void Page_EveryVersionInItsTables_IsKnown()
    {
        var page = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs", "runner-logs.md"));
        var known = Version.Parse(KnownVersion().Match(page).Groups[1].Value);
        Assert.All(TableVersion().Matches(page), match => Assert.True(Version.Parse(match.Groups[1].Value) <= known, $"{match.Value} is newer than {known}."));
    }

    [GeneratedRegex(@"Known up to runner version: \*\*(\d+\.\d+\.\d+)\*\*")]
    private static partial Regex KnownVersion();

    [GeneratedRegex(@"^\[[^\]]*\] Version: (\d+\.\d+\.\d+)", RegexOptions.Multiline)]
    private static partial Regex LoggedVersion();

    [GeneratedRegex(@"\| (\d+\.\d+\.\d+) \|$", RegexOptions.Multiline)]
    private static partial Regex TableVersion();
}
