using RunnerMetrics.Dashboards;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>
/// The committed dashboards are what their source writes. To write them again: <c>UPDATE_DOCS=1 dotnet test --project tests/RunnerMetrics.EndToEnd.Tests</c>.
/// </summary>
public class DashboardFilesTests
{
    [Fact]
    public void Dashboards_Committed_AreWhatTheirSourceWrites()
    {
        var files = DashboardFiles.Render();
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            foreach (var (name, text) in files)
            {
                File.WriteAllText(Path.Combine(GrafanaDashboard.Folder, name), text);
            }
        }

        Assert.Equal(files.Keys.Order(StringComparer.Ordinal), Directory.EnumerateFiles(GrafanaDashboard.Folder, "*.json").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        foreach (var (name, text) in files)
        {
            Assert.Equal(text, File.ReadAllText(Path.Combine(GrafanaDashboard.Folder, name)));
        }
    }

    [Fact]
    public void Panels_StandInTheDocs_WithTheirDescriptions()
    {
        var docs = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs", "grafana.md"));
        Assert.All(
            GrafanaDashboard.All.SelectMany(dashboard => dashboard.Panels),
            panel => Assert.Contains($"\n| {GrafanaDashboard.Text(panel, "title")} | {GrafanaDashboard.Text(panel, "description")} |\n", docs, StringComparison.Ordinal));
    }
}
