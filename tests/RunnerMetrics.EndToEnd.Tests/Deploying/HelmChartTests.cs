using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerMetrics.Testing;
using YamlDotNet.Serialization;

namespace RunnerMetrics.EndToEnd.Tests.Deploying;

/// <summary>The chart, by the real helm and with no cluster.</summary>
public class HelmChartTests
{
    private static readonly string Chart = Path.Combine(RepositoryFolder.Path, "deploy", "helm", "runner-metrics");

    private static readonly string[] Everything =
    [
        "--set", "webhooks.enabled=true,webhooks.ingress.enabled=true,serviceMonitor.enabled=true,prometheusRule.enabled=true,dashboards.enabled=true,tls.existingSecret=certificate",
        "--set", "prometheusRule.rules={alerts,dora,jobs,queueing,test_watcher,audit_agent,system}", "--set", "options.max-runners=2000000,options.history=30d", "--set", "image.pullSecrets[0].name=registry",
    ];

    private static string Version => File.ReadAllText(Path.Combine(RepositoryFolder.Path, "VERSION")).Trim();

    [Fact]
    public async Task Chart_Lint_HasNothingToSay()
    {
        KubernetesPrograms.SkipWithout();
        var run = await KubernetesPrograms.HelmAsync("lint", "--strict", "--quiet", Chart);
        Assert.True(run.ExitCode == 0, run.Said);
    }

    [Theory]
    [InlineData(new string[0], 4)]
    [InlineData(new[] { "everything" }, 19)]
    [InlineData(new[] { "everything", "--set", "shards={a,b}" }, 22)]
    public async Task Chart_Rendered_IsWhatKubernetesKnows(string[] arguments, int documents)
    {
        KubernetesPrograms.SkipWithout();
        string[] given = arguments is ["everything", .. var more] ? [.. Everything, .. more] : arguments;
        var rendered = await KubernetesPrograms.TemplateAsync([Chart, .. given]);
        var (exitCode, said, problems) = await KubernetesPrograms.CheckAsync(rendered);
        Assert.True(exitCode == 0, problems);
        Assert.Equal($"{documents} documents, 0 problems", said.TrimEnd());
    }

    [Fact]
    public async Task Chart_Options_AreVariablesOfTheExporter()
    {
        KubernetesPrograms.SkipWithout();
        var pod = Find(await KubernetesPrograms.TemplateAsync([Chart, .. Everything]), "Deployment")["spec"]!["template"]!["spec"]!;
        var variables = pod["containers"]![0]!["env"]!.AsArray().ToDictionary(variable => (string)variable!["name"]!, variable => (string?)variable!["value"]);
        Assert.Equal("30d", variables["RUNNER_METRICS_HISTORY"]);
        Assert.Equal("2000000", variables["RUNNER_METRICS_MAX_RUNNERS"]);
        Assert.Equal("/run/secrets/webhook/secrets", variables["RUNNER_METRICS_WEBHOOK_SECRET_FILE"]);
    }

    // What runs is stated in kustomize's base too; the image and the names are each one's own.
    [Fact]
    public async Task Chart_Pod_IsThatOfKustomize()
    {
        KubernetesPrograms.SkipWithout();
        var chart = Find(await KubernetesPrograms.TemplateAsync(Chart), "Deployment");
        var kustomize = Find(await KubernetesPrograms.KustomizeAsync("base"), "Deployment");
        Assert.Equal(Meaning(kustomize), Meaning(chart));

        static string Meaning(JsonNode deployment)
        {
            var spec = deployment["spec"]!;
            spec.AsObject().Remove("selector");
            spec["template"]!.AsObject().Remove("metadata");
            var pod = spec["template"]!["spec"]!;
            pod["volumes"]![0]!["persistentVolumeClaim"]!.AsObject().Remove("claimName");
            var container = pod["containers"]![0]!.AsObject();
            container.Remove("image");
            foreach (var probe in (string[])["startupProbe", "livenessProbe", "readinessProbe"])
            {
                container[probe]!["httpGet"]!.AsObject().Remove("scheme");
            }

            return Sorted(spec)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
        }
    }

    [Theory]
    [InlineData("tokens.existingSecrets=x", "additional properties 'existingSecrets' not allowed")]
    [InlineData("persistence.size=large", "does not match pattern")]
    [InlineData("shards={A}", "does not match pattern")]
    [InlineData("shards={a,b},persistence.existingClaim=c", "each of several shards needs its own")]
    [InlineData("dashboards.enabled=true,dashboards.names={unknown}", "The chart has no dashboard named unknown.")]
    public async Task Chart_ValueThatIsWrong_IsRefused(string value, string said)
    {
        KubernetesPrograms.SkipWithout();
        var run = await KubernetesPrograms.HelmAsync("template", "runner-metrics", Chart, "--set", value);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(said, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Chart_ByDefault_HasEveryRuleAndDashboardOfRunners()
    {
        var values = Parse(File.ReadAllText(Path.Combine(Chart, "values.yaml")))!;
        var rules = Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "dashboards", "prometheus", "rules"), "*.yml").Select(file => Path.GetFileNameWithoutExtension(file));
        Assert.Equal(rules.Except(["test_watcher", "audit_agent", "system"]).Order(StringComparer.Ordinal), Names(values["prometheusRule"]!["rules"]!));
        Assert.Equal(GrafanaDashboard.Runners.Select(dashboard => Path.GetFileNameWithoutExtension(dashboard.File)), Names(values["dashboards"]!["names"]!));

        static IEnumerable<string> Names(JsonNode names) => names.AsArray().Select(name => name!.GetValue<string>()).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Chart_PackagedByHelm_RendersTheSame()
    {
        KubernetesPrograms.SkipWithout();
        using var folder = new TemporaryFolder();
        var run = await KubernetesPrograms.HelmAsync("package", Chart, "--destination", folder.Path);
        Assert.True(run.ExitCode == 0, run.Said);
        var package = folder.File($"runner-metrics-{Version}.tgz");
        Assert.Equal(await KubernetesPrograms.TemplateAsync([Chart, .. Everything]), await KubernetesPrograms.TemplateAsync([package, .. Everything]));
    }

    private static JsonNode Find(string manifests, string kind) =>
        manifests.Split("\n---\n").Select(Parse).First(document => (string?)document?["kind"] == kind)!;

    private static JsonNode? Parse(string yaml)
    {
        var value = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(yaml);
        return value is null ? null : JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(value));
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
