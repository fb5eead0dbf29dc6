using YamlDotNet.RepresentationModel;

namespace RunnerMetrics.AppHost.Prometheus;

/// <summary>Writes dashboards/prometheus/prometheus.yml for a Prometheus that runs as a process: the same jobs, at this machine's addresses.</summary>
internal static class LocalPrometheusConfiguration
{
    /// <summary>Makes it of the committed one.</summary>
    /// <param name="committed">The text of dashboards/prometheus/prometheus.yml.</param>
    /// <param name="rules">The folder of the rules.</param>
    /// <param name="alertmanager">Where alerts go: <c>127.0.0.1:9094</c>; null: nowhere.</param>
    /// <param name="targets">The address of each job that there is; a job without one, or a file, is left out.</param>
    /// <param name="files">For jobs whose target comes and goes: the file that names it while it is there.</param>
    public static string Write(
        string committed, string rules, string? alertmanager, IReadOnlyDictionary<string, string> targets, IReadOnlyDictionary<string, string> files)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(committed));
        var root = (YamlMappingNode)stream.Documents[0].RootNode;
        root.Children["rule_files"] = new YamlSequenceNode(Path.Combine(rules, "*.yml"));
        root.Children.Remove("alerting");
        if (alertmanager is not null)
        {
            root.Add("alerting", new YamlMappingNode("alertmanagers", new YamlSequenceNode(new YamlMappingNode("static_configs", Static(alertmanager)))));
        }

        var jobs = (YamlSequenceNode)root["scrape_configs"];
        foreach (var job in jobs.Cast<YamlMappingNode>().ToList())
        {
            job.Children.Remove("dns_sd_configs");
            job.Children.Remove("static_configs");
            var name = ((YamlScalarNode)job["job_name"]).Value!;
            if (targets.TryGetValue(name, out var target))
            {
                job.Add("static_configs", Static(target));
            }
            else if (files.TryGetValue(name, out var file))
            {
                job.Add("file_sd_configs", new YamlSequenceNode(new YamlMappingNode("files", new YamlSequenceNode(file))));
            }
            else
            {
                jobs.Children.Remove(job);
            }
        }

        var text = new StringWriter();
        stream.Save(text, assignAnchors: false);
        return text.ToString();
    }

    /// <summary>The text of such a file, in JSON: <c>[{"targets":["127.0.0.1:9464"]}]</c>.</summary>
    public static string TargetFile(string target) => $$"""[{"targets":["{{target}}"]}]""";

    private static YamlSequenceNode Static(string target) => new(new YamlMappingNode("targets", new YamlSequenceNode(target)));
}
