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
        Domain: Metrics
        Hosting: Metrics
        Exporter: Contracts Domain Hosting ServiceDefaults
        Agent: Contracts Domain Hosting ServiceDefaults
        Simulator: Domain
        Demo: Agent Exporter Simulator
        Automation: Hosting
        AutomationWorker: Automation Hosting
        """,
        still: """
        Agent: Exporter
        Automation: Metrics
        AutomationWorker: Metrics
        """)
    { StillMeansCircles = false };

    /// <summary>Internals that are open to others than tests and benchmarks, and are to be closed.</summary>
    private static readonly (string Project, string To)[] StillOpen = [("Metrics", "RunnerMetrics.Domain")];

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
    [InlineData("Domain")]
    public void Project_ThatIsPure_ReferencesNoPackage(string project) =>
        Assert.Empty(Read(project, "PackageReference").Concat(Read(project, "FrameworkReference")));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_OpensItsInternals_ToItsOwnTestsAndTheBenchmarksOnly(string project)
    {
        var still = StillOpen.Where(open => open.Project == project).Select(open => open.To);

        Assert.Equal(still, Read(project, "InternalsVisibleTo").Except([$"RunnerMetrics.{project}.Tests", "RunnerMetrics.Benchmarks"]));
    }

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')).Replace("RunnerMetrics.", "", StringComparison.Ordinal);

    private static IEnumerable<string> Read(string project, string item) => All[project].Descendants(item).Select(element => element.Attribute("Include")?.Value ?? "");
}
