namespace RunnerMetrics.Testing;

/// <summary>The options that a page of the documentation lists: the rows of its tables whose first cell begins with an option.</summary>
public static class OptionTable
{
    /// <summary>The cells of each option's row, by its name. A cell may name two options: <c>`--tls-certificate`, `--tls-key`</c>.</summary>
    /// <param name="page">The page's path below the repository.</param>
    /// <param name="heading">The heading that the tables stand under, up to the next one of any level.</param>
    public static IReadOnlyDictionary<string, string[]> Read(string page, string heading) =>
        File.ReadLines(Path.Combine(RepositoryFolder.Path, page))
            .SkipWhile(line => line != heading)
            .Skip(1)
            .TakeWhile(line => !line.StartsWith('#'))
            .Where(line => line.StartsWith("| `--", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries))
            .SelectMany(cells => cells[0].Split(',', StringSplitOptions.TrimEntries).Select(name => (Name: name.Trim('`'), Cells: cells)))
            .ToDictionary(row => row.Name, row => row.Cells);
}
