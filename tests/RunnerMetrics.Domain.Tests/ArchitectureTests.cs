using System.Xml.Linq;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Domain.Tests;

/// <summary>Dependencies point down only, and packages come by the one list of versions.</summary>
public class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Contracts"] = [],
        ["Metrics"] = [],
        ["Domain"] = ["Metrics"],
        ["Hosting"] = ["Metrics", "ServiceDefaults"],
        ["Exporter"] = ["Domain", "Hosting", "Contracts", "ServiceDefaults"],
        ["Agent"] = ["Domain", "Hosting", "Contracts", "Exporter", "ServiceDefaults"],
        ["Simulator"] = ["Domain"],
        ["Demo"] = ["Exporter", "Agent", "Simulator"],
        ["Automation"] = ["Metrics", "Hosting"],
        ["AutomationWorker"] = ["Metrics", "Hosting", "Automation", "ServiceDefaults"],
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

    [Theory]
    [InlineData("Metrics")]
    [InlineData("Domain", "Google.Protobuf", "Grpc.Tools")]
    public void Project_WithoutAWorldAroundIt_ReferencesNoPackageButItsFormats(string project, params string[] formats)
    {
        Assert.Equal(formats, Read(project, "PackageReference"));
        Assert.Empty(Read(project, "FrameworkReference"));
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
