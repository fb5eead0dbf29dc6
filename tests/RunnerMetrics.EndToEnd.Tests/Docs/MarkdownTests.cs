using System.Text.RegularExpressions;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Docs;

/// <summary>Links lead somewhere, and words are spelt as a dictionary has them.</summary>
public partial class MarkdownTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Links_FilesAndAnchors_AreThere()
    {
        var files = MarkdownFile.All().ToDictionary(file => Path.GetFullPath(file.Path));
        Assert.True(files.Count > 50, $"Only {files.Count} Markdown files were found.");
        var broken = files.Values.SelectMany(file => file.Links.Select(link => (file, link, problem: Problem(file, link, files))))
            .Where(link => link.problem is not null).Select(link => $"{link.file.Name}: ({link.link}) {link.problem}");
        Assert.Empty(broken);
    }

    [Theory]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("docs/requirements.md")]
    public void Paths_ThatAPageNames_AreThere(string name)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryFolder.Path, name));
        var paths = PathInCode().Matches(text).Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.True(
            path.Contains('*', StringComparison.Ordinal) ? Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, Path.GetDirectoryName(path)!), Path.GetFileName(path)).Any() : Path.Exists(Path.Combine(RepositoryFolder.Path, path)),
            $"{name} names {path}, which is not there."));
    }

    [Fact]
    public void Index_Docs_NamesEveryPage()
    {
        var docs = Path.Combine(RepositoryFolder.Path, "docs");
        var index = MarkdownFile.Read("docs/README.md");
        var named = index.Links.Select(link => link.Split('#')[0]).ToHashSet();
        Assert.All(
            Directory.EnumerateFiles(docs, "*.md").Select(Path.GetFileName).Where(name => name != "README.md"),
            name => Assert.True(named.Contains(name!), $"docs/README.md does not name {name}."));
    }

    [Fact]
    public async Task Words_OfEveryPage_AreSpeltRight()
    {
        var folder = Path.Combine(RepositoryFolder.Path, "tests", "checks");
        var program = Path.Combine(folder, "node_modules", "cspell", "bin.mjs");
        Assert.SkipUnless(File.Exists(program), "cspell is not on this machine: run ./test.sh, or npm ci in tests/checks");
        var run = await ProcessRun.RunAsync(
            "node", [program, "lint", "--root", RepositoryFolder.Path, "--config", Path.Combine(RepositoryFolder.Path, "cspell.json"), "--no-progress", "--no-summary", .. MarkdownFile.All().Select(file => file.Name)], Cancelled);
        Assert.True(run.ExitCode == 0, $"{run.Said}\nWhere a word is right, add it to tests/checks/words.txt.");
    }

    [GeneratedRegex(@"`((?:src|tests|deploy|docs|tools|dashboards|benchmarks|\.github)/[\w./*-]+)`")]
    private static partial Regex PathInCode();

    private static string? Problem(MarkdownFile file, string link, Dictionary<string, MarkdownFile> files)
    {
        // What is elsewhere is not asked for; pages of this repository at GitHub are addressed from its root.
        if (link.Contains("://", StringComparison.Ordinal) || link.StartsWith("mailto:", StringComparison.Ordinal) || link.StartsWith("../../actions/", StringComparison.Ordinal))
        {
            return null;
        }

        var parts = link.Split('#', 2);
        var path = Path.GetFullPath(parts[0].Length == 0 ? file.Path : Path.Combine(Path.GetDirectoryName(file.Path)!, parts[0]));
        return !Path.Exists(path) ? "is not there"
            : parts.Length == 2 && files.TryGetValue(path, out var target) && !target.Anchors.Contains(parts[1]) ? $"has no such heading; there are: {string.Join(", ", target.Anchors)}"
            : null;
    }
}
