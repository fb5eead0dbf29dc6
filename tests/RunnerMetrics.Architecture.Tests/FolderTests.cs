namespace RunnerMetrics.Architecture.Tests;

/// <summary>A line of code knows what it may touch: folders of a project use each other as <see cref="FolderTables"/> says, and in no circle.</summary>
public class FolderTests
{
    public static TheoryData<string> Projects => [.. FolderTables.All.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_UseEachOther_AsTheTableSays(string project)
    {
        var (assembly, table) = FolderTables.All[project];
        var code = new CodeArrows(assembly, $"RunnerMetrics.{project}");

        var problems = table.Compare(code.Folders, code.Arrows);

        Assert.True(problems.Count == 0, $"{string.Join('\n', problems)}\nAs the code of {project} is:\n{ArrowTable.Describe(code.Folders, code.Arrows.Keys)}");
    }
}
