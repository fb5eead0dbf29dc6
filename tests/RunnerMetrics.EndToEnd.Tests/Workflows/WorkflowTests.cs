using System.Text.RegularExpressions;
using RunnerMetrics.Testing;
using YamlDotNet.RepresentationModel;

namespace RunnerMetrics.EndToEnd.Tests.Workflows;

/// <summary>What runs on GitHub, as far as it can be judged here.</summary>
public partial class WorkflowTests
{
    private static readonly string Folder = Path.Combine(RepositoryFolder.Path, ".github", "workflows");

    public static TheoryData<string> Names() => [.. Directory.EnumerateFiles(Folder, "*.yml").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Workflows_Actionlint_FindsNothing()
    {
        var program = Path.Combine(RepositoryFolder.Path, "tests", "checks", "node_modules", "@tktco", "node-actionlint", "bin", "node-actionlint.js");
        Assert.SkipUnless(File.Exists(program), "actionlint is not on this machine: run ./test.sh, or npm ci in tests/checks");
        var run = await ProcessRun.RunAsync(new("node", [program, ".github/workflows/*.yml"]) { WorkingDirectory = RepositoryFolder.Path }, Cancelled);
        Assert.True(run.ExitCode == 0, run.Said);
        Assert.Contains($"Checking {Directory.GetFiles(Folder, "*.yml").Length} workflow file(s)", run.Said, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Workflow_Scripts_ShellcheckFindsNothing(string name)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/shellcheck"), "shellcheck is not on this machine: run ./test.sh, or apt-get install shellcheck");
        var scripts = Steps(name).Where(step => step.Children.ContainsKey("run")).Select(step => ((YamlScalarNode)step["run"]).Value!).ToArray();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            // The runner starts it as 'bash -e'.
            var run = await ProcessRun.RunAsync("shellcheck", ["--shell", "bash", "-"], Cancelled, $"set -e\n{script}\n");
            Assert.True(run.ExitCode == 0, $"{script}\n{run.Said}");
        }
    }

    // What somebody else writes, a title or a branch's name, must not become a part of a script.
    [Theory]
    [MemberData(nameof(Names))]
    public void Workflow_Scripts_HoldNoExpressions(string name) =>
        Assert.DoesNotContain(Steps(name).Where(step => step.Children.ContainsKey("run")), step => ((YamlScalarNode)step["run"]).Value!.Contains("${{", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Workflow_Actions_ArePinnedByCommit(string name)
    {
        var uses = File.ReadLines(Path.Combine(Folder, name)).Select(line => Uses().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);
        Assert.All(uses.Where(action => !action.StartsWith("./", StringComparison.Ordinal)), action => Assert.Matches(@"^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", action));
    }

    [Fact]
    public void Deploy_Production_IsApprovedAndCanGoBack()
    {
        var jobs = (YamlMappingNode)Read("deploy.yml")["jobs"];
        Assert.Equal(("production", "production"), (((YamlScalarNode)jobs["deploy"]["environment"]).Value, ((YamlScalarNode)jobs["rollback"]["environment"]).Value));
        Assert.Contains(Steps("deploy.yml"), step => step.Children.ContainsKey("run") && ((YamlScalarNode)step["run"]).Value!.Contains("deploy/rollback.sh kubernetes", StringComparison.Ordinal));
    }

    [Fact]
    public void Release_Images_AreThoseThatThereAreDockerfilesFor()
    {
        var images = (YamlMappingNode)Read("release.yml")["jobs"]["images"]["strategy"]["matrix"];
        var files = ((YamlSequenceNode)images["include"]).Select(image => ((YamlScalarNode)image["file"]).Value!).ToHashSet();
        var dockerfiles = Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "src", "runner-images"), "Dockerfile*", SearchOption.AllDirectories);
        Assert.Equal(dockerfiles.Select(file => Path.GetRelativePath(RepositoryFolder.Path, file)).Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
    }

    private static YamlMappingNode Read(string name)
    {
        using var reader = new StreamReader(Path.Combine(Folder, name));
        var yaml = new YamlStream();
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private static IEnumerable<YamlMappingNode> Steps(string name) => ((YamlMappingNode)Read(name)["jobs"]).Select(job => (YamlMappingNode)job.Value)
        .Where(job => job.Children.ContainsKey("steps")).SelectMany(job => (YamlSequenceNode)job["steps"]).Cast<YamlMappingNode>();

    [GeneratedRegex(@"^\s*(?:- )?uses: (.+)$")]
    private static partial Regex Uses();
}
