using System.IO.Compression;
using System.Text.Json;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Release;

/// <summary>What ./build-release.sh makes.</summary>
[Collection(BuiltRelease.Collection)]
public sealed class ReleaseTests(BuiltRelease release)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Build_Twice_GivesTheSameSums()
    {
        var first = await release.FilesAsync();
        var second = await release.BuildAsync("second");
        Assert.Equal(await SumsOfAsync(first), await SumsOfAsync(second));
    }

    [Fact]
    public async Task Build_Files_AreThoseOfARelease()
    {
        var files = await release.FilesAsync();
        var version = BuiltRelease.Version;
        string[] programs = ["agent", "exporter", "standalone"];
        string[] expected =
        [
            "SHA256SUMS", "install.sh", "prometheus-scrape-example.yml", $"runner-metrics-{version}.tgz", $"runner-metrics-dashboards-{version}.zip",
            .. programs.Select(name => $"runner-metrics-{name}-{version}.cdx.json"),
            .. BuiltRelease.Runtimes.SelectMany(FilesOf),
            .. ToolPackages.Names.SelectMany(name => (string[])["", ".any", .. BuiltRelease.Runtimes.Select(runtime => $".{runtime}")], (name, platform) => $"{name}{platform}.{version}.nupkg"),
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), Directory.EnumerateFiles(files).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        var summed = (await SumsOfAsync(files)).Select(line => line.Split("  ")[1]);
        Assert.Equal(expected.Where(name => name != "SHA256SUMS").Order(StringComparer.Ordinal), summed.Order(StringComparer.Ordinal));

        IEnumerable<string> FilesOf(string runtime)
        {
            var architecture = runtime == "linux-x64" ? "amd64" : "arm64";
            return
            [
                .. programs.Select(name => $"runner-metrics-{name}-{version}-{runtime}.tar.gz"),
                $"runner-metrics-agent_{version}_{architecture}.deb", $"runner-metrics-exporter_{version}_{architecture}.deb",
            ];
        }
    }

    [Fact]
    public async Task Build_Installer_KnowsItsVersion() =>
        Assert.Contains($"\nversion={BuiltRelease.Version}\n", await File.ReadAllTextAsync(Path.Combine(await release.FilesAsync(), "install.sh"), Cancelled), StringComparison.Ordinal);

    [Fact]
    public async Task Build_Chart_TakesItsImagesFromTheRepositorysRegistry()
    {
        var chart = Path.Combine(await release.FilesAsync(), $"runner-metrics-{BuiltRelease.Version}.tgz");
        var run = await ProcessRun.RunAsync("tar", ["-xzOf", chart, "runner-metrics/values.yaml"], Cancelled);
        Assert.Contains("\n  repository: ghcr.io/acme/runnermetrics/exporter\n", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_DashboardArchive_HasEveryDashboardAndRule()
    {
        await using var archive = await ZipFile.OpenReadAsync(Path.Combine(await release.FilesAsync(), $"runner-metrics-dashboards-{BuiltRelease.Version}.zip"), Cancelled);
        var names = archive.Entries.Select(entry => entry.FullName[(entry.FullName.IndexOf('/', StringComparison.Ordinal) + 1)..]).ToHashSet();
        var dashboards = Path.Combine(RepositoryFolder.Path, "dashboards");
        var expected = Directory.EnumerateFiles(Path.Combine(dashboards, "grafana"), "*.json").Concat(Directory.EnumerateFiles(Path.Combine(dashboards, "import"), "*.json")).Concat(Directory.EnumerateFiles(Path.Combine(dashboards, "prometheus", "rules"), "*.yml"))
            .Select(file => Path.GetRelativePath(dashboards, file));
        Assert.Subset(names, expected.ToHashSet());
    }

    [Theory]
    [InlineData("exporter", "Microsoft.Data.Sqlite.Core")]
    [InlineData("agent", "Grpc.Net.Client")]
    public async Task Build_BillOfMaterials_NamesWhatTheProgramBringsAndNoAnalyzers(string program, string package)
    {
        var file = Path.Combine(await release.FilesAsync(), $"runner-metrics-{program}-{BuiltRelease.Version}.cdx.json");
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(file, Cancelled));
        Assert.Equal("CycloneDX", document.RootElement.GetProperty("bomFormat").GetString());
        Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$", document.RootElement.GetProperty("serialNumber").GetString());
        var components = document.RootElement.GetProperty("components").EnumerateArray().ToArray();
        Assert.Contains(components, component => component.GetProperty("name").GetString() == package);
        Assert.DoesNotContain(components, component => component.GetProperty("name").GetString() == "Microsoft.CodeAnalysis.BannedApiAnalyzers");
        // SQLite is in the public domain, which its package says in a file.
        Assert.All(components.Where(component => component.GetProperty("name").GetString() != "SQLite"), component => Assert.NotEmpty(component.GetProperty("licenses").EnumerateArray()));
    }

    // 8d3f0c…  runner-metrics-agent_2.3.0_amd64.deb
    private static Task<string[]> SumsOfAsync(string folder) => File.ReadAllLinesAsync(Path.Combine(folder, "SHA256SUMS"), Cancelled);
}
