using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace RunnerMetrics.AppHost.Stack;

/// <summary>Which images the containers run: <c>Images:Prometheus=mirror.example/prometheus:v3</c>, <c>Build:Prebuilt=true</c>, <c>Build:BASE=…</c>.</summary>
internal sealed partial record StackImages
{
    /// <summary>The images that are built from this repository, by the names that the configuration calls them, with their Dockerfiles.</summary>
    public static readonly IReadOnlyDictionary<string, string> Dockerfiles = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Exporter"] = "src/runner-images/exporter/Dockerfile",
        ["RunnerStandard"] = "src/runner-images/Dockerfile",
        ["RunnerChrome"] = "src/runner-images/Dockerfile.chrome",
        ["RunnerChromeGo"] = "src/runner-images/Dockerfile.chrome-go",
        ["Automation"] = "src/runner-images/automation/Dockerfile",
    };

    private static readonly IReadOnlyDictionary<string, string> Usual = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["Exporter"] = "runner-metrics/exporter:dev",
        ["RunnerStandard"] = "runner-metrics/runner-standard:dev",
        ["RunnerChrome"] = "runner-metrics/runner-chrome:dev",
        ["RunnerChromeGo"] = "runner-metrics/runner-chrome-go:dev",
        ["Automation"] = "runner-metrics/automation:dev",
        ["Prometheus"] = $"{ImageTags.Prometheus}:{ImageTags.PrometheusTag}",
        ["Alertmanager"] = $"{ImageTags.Alertmanager}:{ImageTags.AlertmanagerTag}",
        ["NodeExporter"] = $"{ImageTags.NodeExporter}:{ImageTags.NodeExporterTag}",
        ["Grafana"] = $"{ImageTags.Grafana}:{ImageTags.GrafanaTag}",
        ["Cadvisor"] = $"{ImageTags.Cadvisor}:{ImageTags.CadvisorTag}",
    };

    private readonly Dictionary<string, string> _given = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _arguments = new(StringComparer.OrdinalIgnoreCase);

    private StackImages()
    {
    }

    /// <summary>Whether existing images are used instead of building them.</summary>
    public bool ArePrebuilt { get; private init; }

    /// <summary>The image of a part of the stack, with its tag.</summary>
    public string Of(string part) => _given.GetValueOrDefault(part, Usual[part]);

    /// <summary>The build arguments for a Dockerfile: those given that it declares, <c>ARG BASE=…</c>.</summary>
    public IEnumerable<KeyValuePair<string, string>> ArgumentsFor(string dockerfile) =>
        DeclaredBy(dockerfile).Where(_arguments.ContainsKey).Select(name => KeyValuePair.Create(name, _arguments[name]));

    public static StackImages Read(IConfiguration configuration, List<string> problems)
    {
        var images = new StackImages { ArePrebuilt = StackSettings.ReadFlag(configuration, "Build:Prebuilt", false, problems) };
        foreach (var child in configuration.GetSection("Images").GetChildren())
        {
            if (!Usual.ContainsKey(child.Key))
            {
                problems.Add($"Images:{child.Key} is no image of the stack: {string.Join(", ", Usual.Keys.Select(key => $"Images:{key}"))}.");
            }
            else if (child.Value is { } name && ImagePattern().IsMatch(name))
            {
                images._given[child.Key] = name;
            }
            else
            {
                problems.Add($"Images:{child.Key} must be an image and its tag, for example {Usual[child.Key]}; it is '{child.Value}'.");
            }
        }

        var declared = new Lazy<string[]>(() => [.. Dockerfiles.Values.SelectMany(DeclaredBy).Distinct()]);
        foreach (var child in configuration.GetSection("Build").GetChildren().Where(child => !child.Key.Equals("Prebuilt", StringComparison.OrdinalIgnoreCase)))
        {
            if (declared.Value.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                images._arguments[child.Key] = child.Value ?? "";
            }
            else
            {
                problems.Add($"Build:{child.Key} is no argument of a Dockerfile: Build:Prebuilt, {string.Join(", ", declared.Value.Select(key => $"Build:{key}"))}.");
            }
        }

        return images;
    }

    private static IEnumerable<string> DeclaredBy(string dockerfile) => File.ReadLines(Path.Combine(Repository.Folder, dockerfile))
        .Where(line => line.StartsWith("ARG ", StringComparison.Ordinal)).Select(line => line[4..].Split('=')[0].Trim());

    // A port of a registry is no tag: registry:5000/prometheus.
    [GeneratedRegex(@"\A[^\s:]+(:\d+/[^\s:]+)?:[^\s:/]+\z")]
    private static partial Regex ImagePattern();
}
