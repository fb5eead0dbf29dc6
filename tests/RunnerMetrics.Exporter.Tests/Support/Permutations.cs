namespace RunnerMetrics.Exporter.Tests.Support;

/// <summary>All orders of a few things.</summary>
internal static class Permutations
{
    public static IEnumerable<T[]> Of<T>(IReadOnlyList<T> things) => things.Count == 0
        ? [[]]
        : things.SelectMany((first, i) => Of([.. things.Where((_, j) => j != i)]).Select(rest => (T[])[first, .. rest]));
}
