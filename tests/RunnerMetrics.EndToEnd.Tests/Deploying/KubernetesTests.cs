using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Deploying;

/// <summary>What kustomize builds, held to the types of Kubernetes' own API and of the Prometheus operator's, with no cluster.</summary>
public class KubernetesTests
{
    private static readonly string Folder = Path.Combine(RepositoryFolder.Path, "deploy", "kubernetes");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Manifests_AsKustomizeBuildsThem_AreWhatKubernetesKnows()
    {
        SkipWithoutTypes();
        var kubectl = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "kubectl")).FirstOrDefault(File.Exists);
        Assert.SkipUnless(kubectl is not null, "kubectl is not on this machine, and Debian has none that is new enough: https://kubernetes.io/docs/tasks/tools/ (1.27 or later)");
        List<string> manifests = [await File.ReadAllTextAsync(Path.Combine(Folder, "examples", "agent-sidecar", "simulated.yaml"), Cancelled)];
        foreach (var kustomization in (string[])["base", Path.Combine("examples", "production"), Path.Combine("examples", "automation")])
        {
            var (exitCode, output, errors) = await ProcessRun.RunAsync(kubectl!, ["kustomize", Path.Combine(Folder, kustomization)], Cancelled);
            Assert.True(exitCode == 0, $"kubectl kustomize {kustomization} ended with {exitCode}: {errors}");
            manifests.Add(output);
        }

        var (checkedWith, said, problems) = await CheckAsync(string.Join("\n---\n", manifests));
        Assert.True(checkedWith == 0, problems);
        Assert.EndsWith(" documents, 0 problems", said.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Manifest_WithAWrongTypeAndAnUnknownField_IsFound()
    {
        SkipWithoutTypes();
        var wrong = (await File.ReadAllTextAsync(Path.Combine(Folder, "base", "deployment.yaml"), Cancelled))
            .Replace("livenessProbe:", "livnessProbe:", StringComparison.Ordinal).Replace("replicas: 1", "replicas: \"1\"", StringComparison.Ordinal);
        var (exitCode, said, problems) = await CheckAsync(wrong);
        Assert.Equal((1, "1 documents, 2 problems"), (exitCode, said.TrimEnd()));
        Assert.Contains("'\"livnessProbe\"' does not exist in type 'IContainer'", problems, StringComparison.Ordinal);
    }

    private static void SkipWithoutTypes() => Assert.SkipUnless(
        Directory.Exists(Path.Combine(RepositoryFolder.Path, "tests", "kubernetes", "node_modules")), "Kubernetes' types are not on this machine: run ./test.sh, or npm ci in tests/kubernetes");

    private static Task<ProcessRun> CheckAsync(string manifests) =>
        ProcessRun.RunAsync("node", [Path.Combine(RepositoryFolder.Path, "tests", "kubernetes", "check.js")], Cancelled, manifests);
}
