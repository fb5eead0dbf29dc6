using System.Text.Json;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Alerting;

/// <summary>What every alert has to have, as a real Prometheus reads the rules.</summary>
public sealed class AlertRuleTests
{
    private static readonly string Prometheus = Path.Combine(RepositoryFolder.Path, "dashboards", "prometheus");
    private static readonly string Runbooks = Path.Combine(RepositoryFolder.Path, "docs", "runbooks");

    /// <summary>The files about an automation platform.</summary>
    private static readonly string[] Automation = ["test_watcher.yml", "audit_agent.yml", "system.yml"];

    private static readonly string[] Severities = ["critical", "warning", "info", "none"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Alerts_Each_SaysWhatItIsAndWhereToLook()
    {
        PrometheusServer.SkipWhereMissing();
        var alerts = await ReadAsync();
        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert =>
        {
            Assert.StartsWith(Automation.Contains(alert.File) ? "Automation" : "GitHubRunner", alert.Name, StringComparison.Ordinal);
            Assert.Contains(alert.Labels["severity"], Severities);
            Assert.NotEqual("", alert.Annotations["summary"]);
            Assert.NotEqual("", alert.Annotations["description"]);
            Assert.Equal($"https://runner-metrics.example/docs/runbooks/{alert.Name}.md", alert.Annotations["runbook_url"]);
            Assert.StartsWith("http://localhost:3000/d/", alert.Annotations["dashboard_url"], StringComparison.Ordinal);
        });
        Assert.Distinct(alerts.Select(alert => alert.Name));
        Assert.Subset(alerts.Select(alert => alert.File).ToHashSet(), Automation.ToHashSet());
    }

    [Fact]
    public async Task Alerts_Each_HasAPageAndEveryPageAnAlert()
    {
        PrometheusServer.SkipWhereMissing();
        var pages = Directory.EnumerateFiles(Runbooks, "*.md").Select(page => Path.GetFileNameWithoutExtension(page)).Where(page => page != "README").Order(StringComparer.Ordinal);
        Assert.Equal((await ReadAsync()).Select(alert => alert.Name).Order(StringComparer.Ordinal), pages);
        Assert.All(Directory.EnumerateFiles(Runbooks, "*.md").Where(page => Path.GetFileName(page) != "README.md"), page =>
        {
            var text = File.ReadAllText(page);
            Assert.All(["## Meaning\n", "## Impact\n", "## Diagnosis\n", "## Mitigation\n"], heading => Assert.Contains(heading, text, StringComparison.Ordinal));
        });
    }

    // The tests say of an alert's samples that there are some, and at other times none.
    [Fact]
    public async Task Alerts_Each_IsShownFiringAndSilent()
    {
        PrometheusServer.SkipWhereMissing();
        var tests = string.Concat(Directory.EnumerateFiles(Path.Combine(Prometheus, "tests"), "*.test.yml").Select(File.ReadAllText));
        Assert.All(await ReadAsync(), alert =>
        {
            var cases = tests.Split("  - name: ").Where(test => test.StartsWith(alert.Name + "\n", StringComparison.Ordinal)).ToList();
            Assert.Contains(cases, test => test.Contains($"ALERTS{{alertname=\"{alert.Name}\",alertstate=\"firing\"", StringComparison.Ordinal));
            Assert.True(alert.Name == "GitHubRunnerWatchdog" || cases.Exists(EndsResolved), $"{alert.Name} is not shown before it fires and after it is over.");
        });
    }

    private static bool EndsResolved(string test)
    {
        var (first, last) = (test.IndexOf("exp_samples: []", StringComparison.Ordinal), test.LastIndexOf("exp_samples: []", StringComparison.Ordinal));
        var fires = test.IndexOf("exp_samples:\n", StringComparison.Ordinal);
        return first >= 0 && first < fires && fires < last;
    }

    private static async Task<List<AlertRule>> ReadAsync()
    {
        await using var prometheus = await PrometheusServer.StartOnHistoryAsync(
            Directory.CreateTempSubdirectory("runner-metrics-prometheus-"), Path.Combine(Prometheus, "rules", "*.yml"), Cancelled);
        using var client = new PatientHttpClient();
        using var answer = JsonDocument.Parse(await client.GetStringAsync(new Uri(prometheus.Address, "/api/v1/rules?type=alert"), Cancelled));
        return [.. answer.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
            .SelectMany(group => group.GetProperty("rules").EnumerateArray(), (group, rule) => (File: Path.GetFileName(group.GetProperty("file").GetString()!), Rule: rule))
            .Select(rule => new AlertRule(
                rule.File, rule.Rule.GetProperty("name").GetString()!, Texts(rule.Rule.GetProperty("labels")), Texts(rule.Rule.GetProperty("annotations"))))];
    }

    private static Dictionary<string, string> Texts(JsonElement texts) => texts.EnumerateObject().ToDictionary(text => text.Name, text => text.Value.GetString()!);

    private sealed record AlertRule(string File, string Name, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations);
}
