using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Release;

/// <summary>VERSION is said in several places, because people copy from them; each says the same.</summary>
public class VersionTests
{
    [Theory]
    [InlineData("CHANGELOG.md", "## {0}")]
    [InlineData("README.md", "release-{0}-blue")]
    [InlineData("README.md", "--version {0} --source")]
    [InlineData("docs/setup.md", "--version {0} --source")]
    [InlineData("deploy/README.md", "runner-metrics/exporter:{0} .")]
    [InlineData("deploy/compose/exporter.yml", "exporter:{0}}}")]
    [InlineData("deploy/kubernetes/base/kustomization.yaml", "newTag: {0}")]
    [InlineData("deploy/kubernetes/examples/production/kustomization.yaml", "newTag: {0}")]
    [InlineData("deploy/kubernetes/examples/agent-sidecar/arc-values.yaml", "runner-metrics/agent:{0}")]
    [InlineData("deploy/kubernetes/examples/agent-sidecar/simulated.yaml", "runner-metrics/agent:{0}")]
    [InlineData("deploy/helm/runner-metrics/Chart.yaml", "\nversion: {0}\nappVersion: {0}\n")]
    [InlineData("deploy/helm/runner-metrics/README.md", "--version {0}")]
    [InlineData("action/README.md", "action@v{0}")]
    public void Version_WhereverItIsSaid_IsThatOfVersion(string file, string text) => Assert.Contains(
        text.Replace("{0}", BuiltRelease.Version, StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal), File.ReadAllText(Path.Combine(RepositoryFolder.Path, file)), StringComparison.Ordinal);

    [Fact]
    public async Task Notes_OfTheVersion_AreItsPartOfTheChangelog()
    {
        var run = await ProcessRun.RunAsync(Path.Combine(RepositoryFolder.Path, "release-notes.sh"), [BuiltRelease.Version], TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 0, run.Said);
        Assert.Contains("\n- ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\n## ", run.Output, StringComparison.Ordinal);
    }
}
