using RunnerMetrics.Dashboards;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>
/// The committed dashboards are what their source writes. To write them again: <c>UPDATE_DOCS=1 dotnet test --project tests/RunnerMetrics.EndToEnd.Tests</c>.
/// </summary>
public class DashboardFilesTests
{
    private static readonly string Dashboards = Path.Combine(RepositoryFolder.Path, "dashboards");

    [Fact]
    public void Dashboards_Committed_AreWhatTheirSourceWrites()
    {
        var files = DashboardFiles.Render();
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            foreach (var (name, text) in files)
            {
                File.WriteAllText(Path.Combine(Dashboards, name), text);
            }
        }

        var committed = ((string[])[GrafanaDashboard.Folder, GrafanaDashboard.ImportFolder]).SelectMany(folder => Directory.EnumerateFiles(folder, "*.json"));
        Assert.Equal(files.Keys.Order(StringComparer.Ordinal), committed.Select(file => Path.GetRelativePath(Dashboards, file)).Order(StringComparer.Ordinal));
        foreach (var (name, text) in files)
        {
            Assert.Equal(text, File.ReadAllText(Path.Combine(Dashboards, name)));
        }
    }

    [Fact]
    public void Panels_StandInTheDocs_WithTheirDescriptions()
    {
        var file = Path.Combine(RepositoryFolder.Path, "docs", "grafana.md");
        var docs = File.ReadAllText(file);
        foreach (var dashboard in GrafanaDashboard.All)
        {
            // From the head of its table to the empty line behind it.
            var section = docs.IndexOf($"\n### `{Path.GetFileNameWithoutExtension(dashboard.File)}`\n", StringComparison.Ordinal);
            Assert.True(section > 0, $"{dashboard.File} has no section");
            var table = docs.IndexOf("|---|---|\n", section, StringComparison.Ordinal) + "|---|---|\n".Length;
            var end = docs.IndexOf("\n\n", table, StringComparison.Ordinal) is > 0 and var empty ? empty + 1 : docs.Length;
            var rows = string.Concat(dashboard.Json["panels"]!.AsArray().Select(panel => GrafanaDashboard.Text(panel!, "type") == "row"
                ? $"| *{GrafanaDashboard.Text(panel!, "title")}* | |\n" : $"| {GrafanaDashboard.Text(panel!, "title")} | {GrafanaDashboard.Text(panel!, "description")} |\n"));
            if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
            {
                docs = docs[..table] + rows + docs[end..];
                File.WriteAllText(file, docs);
                continue;
            }

            Assert.Equal(rows, docs[table..end]);
        }
    }
}
