using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Docs;

/// <summary>
/// docs/dependencies.md says which packages there are, of which version and licence; why one is there is in the page alone, and has to.
/// To regenerate it: <c>UPDATE_DOCS=1 dotnet test --project tests/RunnerMetrics.EndToEnd.Tests</c>.
/// </summary>
public class DependenciesPageTests
{
    private const string Begin = "<!-- packages: written by DependenciesPageTests but for the last column of the first table -->";
    private const string End = "<!-- end of packages -->";

    private static readonly string[] Programs = ["RunnerMetrics.Exporter", "RunnerMetrics.Agent", "RunnerMetrics.Standalone", "RunnerMetrics.Simulator", "RunnerMetrics.Automation"];

    [Fact]
    public void DependenciesPage_Packages_AreWhatIsRestored()
    {
        var path = Path.Combine(RepositoryFolder.Path, "docs", "dependencies.md");
        var text = File.ReadAllText(path);
        var start = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = text.IndexOf(End, StringComparison.Ordinal);
        Assert.True(start >= Begin.Length && end > start, $"{path} has lost its markers");
        var right = $"{text[..start]}\n\n{Render(RowsOf(text[start..end]))}\n{text[end..]}";
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, right);
        }

        Assert.Equal(right, File.ReadAllText(path));
        Assert.All(RowsOf(right).Values, row => Assert.True(row[3].Length > 0, $"Say in {path} why {row[0]} is there."));
    }

    private static string Render(Dictionary<string, string[]> rows)
    {
        var folder = AssetsOf("RunnerMetrics.EndToEnd.Tests", "tests").GetProperty("packageFolders").EnumerateObject().First().Name;
        var named = XDocument.Load(Path.Combine(RepositoryFolder.Path, "Directory.Packages.props")).Descendants("PackageVersion")
            .Select(package => (Name: (string)package.Attribute("Include")!, Version: (string)package.Attribute("Version")!)).ToArray();
        var text = new StringBuilder("| Package | Version | Licence | Why |\n|---|---|---|---|\n");
        foreach (var (name, version) in named.OrderBy(package => package.Name, StringComparer.Ordinal))
        {
            Append(name, version, rows.TryGetValue(name, out var row) ? row[3] : "");
        }

        text.Append("\n## Transitive packages in the programs\n\n| Package | Version | Licence | Brought by |\n|---|---|---|---|\n");
        foreach (var (name, (version, by)) in Brought().Where(package => !named.Any(direct => direct.Name.Equals(package.Key, StringComparison.OrdinalIgnoreCase))))
        {
            Append(name, version, string.Join(", ", by));
        }

        return text.ToString();

        void Append(string name, string version, string last) =>
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {version} | {LicenceOf(folder, name, version, rows.GetValueOrDefault(name))} | {last} |\n");
    }

    // What is in the programs' own files: packages that have something for the time when they run.
    private static SortedDictionary<string, (string Version, SortedSet<string> By)> Brought()
    {
        var brought = new SortedDictionary<string, (string Version, SortedSet<string> By)>(StringComparer.Ordinal);
        foreach (var target in Programs.Select(program => AssetsOf(program, "src").GetProperty("targets").EnumerateObject().First().Value))
        {
            foreach (var package in target.EnumerateObject().Where(package => package.Value.GetProperty("type").GetString() == "package" && HasRuntime(package.Value)))
            {
                var (name, version) = (package.Name.Split('/')[0], package.Name.Split('/')[1]);
                var by = target.EnumerateObject().Where(other => other.Value.GetProperty("type").GetString() == "package" && other.Value.TryGetProperty("dependencies", out var wants) && wants.TryGetProperty(name, out _));
                if (!brought.TryGetValue(name, out var known))
                {
                    brought[name] = known = (version, new SortedSet<string>(StringComparer.Ordinal));
                }

                known.By.UnionWith(by.Select(other => other.Name.Split('/')[0]));
            }
        }

        return brought;
    }

    private static bool HasRuntime(JsonElement package) =>
        package.TryGetProperty("runtime", out var files) && files.EnumerateObject().Any(file => !file.Name.EndsWith("/_._", StringComparison.Ordinal));

    private static JsonElement AssetsOf(string project, string folder)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryFolder.Path, folder, project, "obj", "project.assets.json")));
        return file.RootElement.Clone();
    }

    // A package that only another project restores is believed to be what the page says of this version.
    private static string LicenceOf(string packages, string name, string version, string[]? row)
    {
        var file = Path.Combine(packages, name.ToLowerInvariant(), version.ToLowerInvariant(), $"{name.ToLowerInvariant()}.nuspec");
        if (!File.Exists(file))
        {
            Assert.True(row is not null && row[1] == version, $"{name} {version} is not restored: run 'dotnet restore RunnerMetrics.sln'.");
            return row[2];
        }

        var metadata = XDocument.Load(file).Root!.Elements().First(element => element.Name.LocalName == "metadata");
        var licence = metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "license");
        return (string?)licence?.Attribute("type") == "expression" ? licence.Value
            : metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "licenseUrl")?.Value is { } url && !url.Contains("aka.ms", StringComparison.Ordinal) ? $"[its own]({url})"
            : $"its own: {licence?.Value}";
    }

    private static Dictionary<string, string[]> RowsOf(string text) => text.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| Package", StringComparison.Ordinal))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[1..^1]).ToDictionary(row => row[0]);
}
