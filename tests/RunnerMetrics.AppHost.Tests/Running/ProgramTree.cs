using System.Diagnostics;
using System.Globalization;

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>What a process has started: <c>dotnet run</c> the program, and a runner its agent.</summary>
internal static class ProgramTree
{
    /// <summary>A process, and all that it and those that it started have started, as they run now.</summary>
    public static IReadOnlyList<Process> Under(int root)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "What a process has started is read from /proc, which only Linux has.");
        var parents = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0]))
            .Select(name => (Id: int.Parse(name!, CultureInfo.InvariantCulture), Parent: ParentOf(name!))).ToList();
        List<int> tree = [root];
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(parents.Where(process => process.Parent == tree[i]).Select(process => process.Id));
        }

        return [.. tree.Select(Find).OfType<Process>()];
    }

    // What a job starts ends soon: it may be gone since the look at the tree.
    private static Process? Find(int id)
    {
        try
        {
            return Process.GetProcessById(id);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // "4711 (runner-metrics-e) S 4700 …": the second field can hold anything.
    private static int ParentOf(string process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended.
            return 0;
        }
    }
}
