using System.Xml.Linq;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Model;

/// <summary>What holds of the AppHost's own text.</summary>
public class AppHostSourceTests
{
    private static readonly string Folder = Path.Combine(RepositoryFolder.Path, "RunnerMetrics.AppHost");
    private static readonly string[] Projects = ["Probe", "RunnerMetrics.AppHost", "RunnerMetrics.AppHost.Tests"];

    [Fact]
    public void AppHost_ReadsLikeATableOfContents() => Assert.InRange(File.ReadLines(Path.Combine(Folder, "AppHost.cs")).Count(), 1, 59);

    [Fact]
    public void Aspire_IsUsed_ByTheAppHostAndItsTestsAlone()
    {
        var users = Directory.EnumerateFiles(RepositoryFolder.Path, "*.csproj", SearchOption.AllDirectories)
            .Where(file => File.ReadAllText(file).Contains("\"Aspire.", StringComparison.Ordinal))
            .Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);
        Assert.Equal(Projects, users);
    }

    [Fact]
    public void Aspire_HasOneVersion()
    {
        var packages = XDocument.Load(Path.Combine(RepositoryFolder.Path, "Directory.Packages.props")).Descendants("PackageVersion")
            .Where(package => package.Attribute("Include")?.Value.StartsWith("Aspire.", StringComparison.Ordinal) == true)
            .Select(package => package.Attribute("Version")!.Value).ToList();
        var version = Assert.Single(packages.Distinct());

        // The SDK has releases of its own.
        var sdk = XDocument.Load(Path.Combine(Folder, "RunnerMetrics.AppHost.csproj")).Root!.Attribute("Sdk")!.Value.Split('/')[1];
        Assert.Equal(Version.Parse(version).ToString(2), Version.Parse(sdk).ToString(2));
    }
}
