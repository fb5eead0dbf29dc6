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
        KubernetesPrograms.SkipWithout();
        List<string> manifests = [await File.ReadAllTextAsync(Path.Combine(Folder, "examples", "agent-sidecar", "simulated.yaml"), Cancelled)];
        foreach (var kustomization in (string[][])[["base"], ["examples", "production"], ["examples", "automation"]])
        {
            manifests.Add(await KubernetesPrograms.KustomizeAsync(kustomization));
        }

        await KubernetesPrograms.AssertKnownAsync(string.Join("\n---\n", manifests));
    }

    // The chart of actions-runner-controller makes a pod of template.spec.
    [Fact]
    public async Task ValuesForRunnerController_Template_IsAPodThatKubernetesKnows()
    {
        KubernetesPrograms.SkipWithout();
        var values = await File.ReadAllTextAsync(Path.Combine(Folder, "examples", "agent-sidecar", "arc-values.yaml"), Cancelled);
        var template = values[values.IndexOf("\ntemplate:\n", StringComparison.Ordinal)..].Split('\n').Skip(2).Select(line => line.StartsWith("  ", StringComparison.Ordinal) ? line[2..] : line);
        await KubernetesPrograms.AssertKnownAsync($"apiVersion: v1\nkind: Pod\nmetadata: {{ name: runner }}\n{string.Join('\n', template)}");
    }

    [Fact]
    public async Task Manifest_WithAWrongTypeAndAnUnknownField_IsFound()
    {
        KubernetesPrograms.SkipWithout();
        var wrong = (await File.ReadAllTextAsync(Path.Combine(Folder, "base", "deployment.yaml"), Cancelled))
            .Replace("livenessProbe:", "livnessProbe:", StringComparison.Ordinal).Replace("replicas: 1", "replicas: \"1\"", StringComparison.Ordinal);
        var (exitCode, said, problems) = await KubernetesPrograms.CheckAsync(wrong);
        Assert.Equal((1, "1 documents, 2 problems"), (exitCode, said.TrimEnd()));
        Assert.Contains("'\"livnessProbe\"' does not exist in type 'IContainer'", problems, StringComparison.Ordinal);
    }
}
