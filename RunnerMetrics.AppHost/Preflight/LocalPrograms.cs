namespace RunnerMetrics.AppHost.Preflight;

/// <summary>Programs of the monitoring that are on the PATH, under the names that their makers and Debian give them.</summary>
internal static class LocalPrograms
{
    private static readonly (string Part, string[] Programs)[] Known =
    [
        ("prometheus", ["prometheus"]),
        ("alertmanager", ["alertmanager", "prometheus-alertmanager"]),
        ("node-exporter", ["node_exporter", "prometheus-node-exporter"]),
    ];

    /// <summary>The parts that there are programs for.</summary>
    public static Dictionary<string, string> Find(string path)
    {
        var folders = path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (part, programs) in Known)
        {
            var program = programs.SelectMany(name => folders.SelectMany(folder => (string[])[Path.Combine(folder, name), Path.Combine(folder, name + ".exe")])).FirstOrDefault(File.Exists);
            if (program is not null)
            {
                found[part] = program;
            }
        }

        return found;
    }

    /// <summary>Names missing programs, in one line; null if there are none.</summary>
    public static string? Describe(IReadOnlyDictionary<string, string> found)
    {
        var missing = Known.Where(part => !found.ContainsKey(part.Part)).Select(part => part.Programs[0]).ToList();
        return missing.Count == 0 ? null : $"Without {string.Join(", ", missing)}: not on the PATH.";
    }
}
