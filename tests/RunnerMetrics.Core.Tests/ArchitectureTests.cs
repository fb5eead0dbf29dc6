using System.Xml.Linq;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Core.Tests;

/// <summary>Dependencies point down only, and packages come by the one list of versions.</summary>
public class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Contracts"] = [],
        ["Core"] = [],
        ["Scraping"] = ["Core"], // what needs ASP.NET Core to be scraped, and so is not Core's
        ["Exporter"] = ["Core", "Contracts", "Scraping", "ServiceDefaults"],
        ["Agent"] = ["Core", "Contracts", "Exporter", "ServiceDefaults"],
        ["Simulator"] = ["Core"],
        ["Demo"] = ["Exporter", "Agent", "Simulator"],
        ["Automation"] = ["Core", "Scraping"],
        ["AutomationWorker"] = ["Core", "Scraping", "Automation", "ServiceDefaults"],
    };

    public static TheoryData<string> Projects() =>
        [.. Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "src"), "*.csproj", SearchOption.AllDirectories).Select(NameOf)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_OnlyWhatStandsBelowIt(string project)
    {
        var allowed = Assert.Contains(project, (IReadOnlyDictionary<string, string[]>)Allowed);

        Assert.Subset(new HashSet<string>(allowed), Read(project, "ProjectReference").Select(NameOf).ToHashSet());
    }

    [Fact]
    public void ServiceDefaults_References_NothingOfOurs() => Assert.Empty(
        XDocument.Load(Path.Combine(RepositoryFolder.Path, "RunnerMetrics.ServiceDefaults/RunnerMetrics.ServiceDefaults.csproj")).Descendants("ProjectReference"));

    [Fact]
    public void Core_References_NoPackageOfItsOwn()
    {
        Assert.Empty(Read("Core", "PackageReference"));
        Assert.Empty(Read("Core", "FrameworkReference"));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_OpensItsInternals_ToItsOwnTestsAndTheBenchmarksOnly(string project) =>
        Assert.Subset(new HashSet<string> { $"RunnerMetrics.{project}.Tests", "RunnerMetrics.Benchmarks" }, Read(project, "InternalsVisibleTo").ToHashSet());

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_Packages_HaveTheirVersionsInOnePlace(string project)
    {
        var folder = Path.Combine(RepositoryFolder.Path, "src", $"RunnerMetrics.{project}");
        var text = XDocument.Load(Path.Combine(folder, $"RunnerMetrics.{project}.csproj"));

        Assert.DoesNotContain(text.Descendants("PackageReference"), package => package.Attribute("Version") is not null);
    }

    private static string NameOf(string path) =>
        Path.GetFileNameWithoutExtension(path.Replace('\\', '/')).Replace("RunnerMetrics.", "", StringComparison.Ordinal);

    private static List<string> Read(string project, string item) =>
    [
        .. XDocument.Load(Path.Combine(RepositoryFolder.Path, "src", $"RunnerMetrics.{project}", $"RunnerMetrics.{project}.csproj"))
            .Descendants(item).Select(element => element.Attribute("Include")?.Value ?? ""),
    ];
}
