using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Deploying;

/// <summary>helm and kubectl, and the compiler that holds manifests to Kubernetes' own types: what npm brings to tests/kubernetes.</summary>
internal static class KubernetesPrograms
{
    private static readonly string Folder = Path.Combine(RepositoryFolder.Path, "tests", "kubernetes");
    private static readonly string Helm = Path.Combine(Folder, "node_modules", ".programs", "helm", "helm");
    private static readonly string Kubectl = Path.Combine(Folder, "node_modules", ".programs", "kubectl", "kubectl");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static void SkipWithout() =>
        Assert.SkipUnless(File.Exists(Helm) && File.Exists(Kubectl), "helm, kubectl and Kubernetes' types are not on this machine: run ./test.sh, or npm ci in tests/kubernetes (it needs unzip)");

    public static Task<ProcessRun> HelmAsync(params string[] arguments) => ProcessRun.RunAsync(Helm, arguments, Cancelled);

    /// <summary>What helm renders.</summary>
    public static async Task<string> TemplateAsync(params string[] arguments)
    {
        var run = await HelmAsync(["template", "runner-metrics", .. arguments]);
        Assert.True(run.ExitCode == 0, run.Errors);
        return run.Output;
    }

    /// <summary>What kustomize builds of a folder of deploy/kubernetes.</summary>
    public static async Task<string> KustomizeAsync(params string[] folder)
    {
        var run = await ProcessRun.RunAsync(Kubectl, ["kustomize", Path.Combine([RepositoryFolder.Path, "deploy", "kubernetes", .. folder])], Cancelled);
        Assert.True(run.ExitCode == 0, $"kubectl kustomize {string.Join('/', folder)} ended with {run.ExitCode}: {run.Errors}");
        return run.Output;
    }

    /// <summary>Holds manifests to the types.</summary>
    public static Task<ProcessRun> CheckAsync(string manifests) => ProcessRun.RunAsync("node", [Path.Combine(Folder, "check.js")], Cancelled, manifests);

    /// <summary>Fails where a manifest is not what Kubernetes knows.</summary>
    public static async Task AssertKnownAsync(string manifests)
    {
        var (exitCode, said, problems) = await CheckAsync(manifests);
        Assert.True(exitCode == 0, problems);
        Assert.EndsWith(" documents, 0 problems", said.TrimEnd(), StringComparison.Ordinal);
    }
}
