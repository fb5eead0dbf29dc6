using System.Xml.Linq;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Deploying;

/// <summary>What holds of the AppHost's own text, since the default build does not compile it.</summary>
public class AppHostSourceTests
{
    private static readonly string Folder = Path.Combine(RepositoryFolder.Path, "RunnerMetrics.AppHost");
    private static readonly string[] Projects = ["RunnerMetrics.AppHost", "RunnerMetrics.AppHost.Tests"];

    [Fact]
    public void AppHost_ReadsLikeATableOfContents() => Assert.InRange(File.ReadLines(Path.Combine(Folder, "AppHost.cs")).Count(), 1, 59);

    // It starts containers, built from Dockerfiles; a project that it referred to would be built, and started, by it.
    [Fact]
    public void AppHost_References_NoProject() =>
        Assert.Empty(XDocument.Load(Path.Combine(Folder, "RunnerMetrics.AppHost.csproj")).Descendants("ProjectReference"));

    [Fact]
    public void Aspire_IsUsed_ByTheAppHostAndItsTestsAlone()
    {
        var users = Directory.EnumerateFiles(RepositoryFolder.Path, "*.csproj", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("\"Aspire.", StringComparison.Ordinal))
            .Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);
        Assert.Equal(Projects, users);
    }

    [Fact]
    public void Solution_HasTheProjectsOfAspire_AndDoesNotBuildThem()
    {
        var solution = File.ReadAllLines(Path.Combine(RepositoryFolder.Path, "RunnerMetrics.sln"));
        foreach (var project in Projects)
        {
            var line = Assert.Single(solution, text => text.Contains($"= \"{project}\",", StringComparison.Ordinal));
            var id = line.Split('"')[^2];
            Assert.Contains(solution, text => text.Contains($"{id}.Debug|Any CPU.ActiveCfg", StringComparison.Ordinal));
            Assert.DoesNotContain(solution, text => text.Contains(id, StringComparison.Ordinal) && text.Contains(".Build.0", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Aspire_HasOneVersion()
    {
        var sdk = XDocument.Load(Path.Combine(Folder, "RunnerMetrics.AppHost.csproj")).Root!.Attribute("Sdk")!.Value.Split('/')[1];
        var packages = XDocument.Load(Path.Combine(RepositoryFolder.Path, "Directory.Packages.props")).Descendants("PackageVersion")
            .Where(package => package.Attribute("Include")?.Value.StartsWith("Aspire.", StringComparison.Ordinal) == true).ToList();
        Assert.NotEmpty(packages);
        Assert.All(packages, package => Assert.Equal(sdk, package.Attribute("Version")!.Value));
    }
}
