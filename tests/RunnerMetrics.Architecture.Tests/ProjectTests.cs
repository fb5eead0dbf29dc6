using System.Xml.Linq;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Architecture.Tests;

/// <summary>What projects reference, and to whom they open their internals.</summary>
public class ProjectTests
{
    private static readonly ArrowTable Table = new(
        """
        ServiceDefaults:
        Contracts:
        Metrics:
        Automation:
        Domain: Metrics
        Hosting: Metrics ServiceDefaults
        Exporter: Contracts Domain Hosting ServiceDefaults
        Agent: Contracts Domain Hosting ServiceDefaults
        Simulator: Domain Hosting
        Standalone: Agent Exporter Hosting ServiceDefaults
        Demo: Agent Exporter Hosting Simulator
        AutomationWorker: Automation Hosting
        """);

    private static readonly IReadOnlyDictionary<string, XDocument> All = Directory.EnumerateFiles(Path.Combine(RepositoryFolder.Path, "src"), "*.csproj", SearchOption.AllDirectories)
        .Append(Path.Combine(RepositoryFolder.Path, "RunnerMetrics.ServiceDefaults", "RunnerMetrics.ServiceDefaults.csproj"))
        .ToDictionary(NameOf, file => XDocument.Load(file));

    public static TheoryData<string> Projects => [.. All.Keys];

    [Fact]
    public void Projects_ReferenceEachOther_AsTheTableSays()
    {
        var arrows = All.SelectMany(project => Read(project.Key, "ProjectReference").Select(used => new Arrow(project.Key, NameOf(used))))
            .ToDictionary(arrow => arrow, arrow => $"RunnerMetrics.{arrow.User}.csproj references it");

        var problems = Table.Compare(All.Keys.ToHashSet(), arrows);

        Assert.True(problems.Count == 0, $"{string.Join('\n', problems)}\nAs the projects are:\n{ArrowTable.Describe(All.Keys, arrows.Keys)}");
    }

    [Theory]
    [InlineData("Metrics")]
    [InlineData("Domain", "Google.Protobuf", "Grpc.Tools")]
    public void Project_ThatIsPure_ReferencesNoPackageButItsFormats(string project, params string[] formats)
    {
        Assert.Equal(formats, Read(project, "PackageReference"));
        Assert.Empty(Read(project, "FrameworkReference"));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_OpensItsInternals_ToItsOwnTestsAndTheBenchmarksOnly(string project) =>
        Assert.Subset(new HashSet<string> { $"RunnerMetrics.{project}.Tests", "RunnerMetrics.Benchmarks" }, Read(project, "InternalsVisibleTo").ToHashSet());

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')).Replace("RunnerMetrics.", "", StringComparison.Ordinal);

    private static IEnumerable<string> Read(string project, string item) => All[project].Descendants(item).Select(element => element.Attribute("Include")?.Value ?? "");
}
