namespace RunnerMetrics.Domain.Jobs;

/// <summary>
/// The name that a repository has whose own is to appear nowhere: <c>acme/~1f2e3d4c5b6a</c>, which no repository on GitHub can have. Its jobs count for their runner, and are matched by it; it is in
/// no label, exemplar or trace.
/// </summary>
public static class ExcludedRepository
{
    /// <summary>What begins the second half of such a name.</summary>
    public const char Marker = '~';

    /// <summary>Whether a name is such a one.</summary>
    /// <param name="repository"><c>owner/name</c>.</param>
    public static bool Is(string repository)
    {
        ArgumentNullException.ThrowIfNull(repository);
        var slash = repository.IndexOf('/', StringComparison.Ordinal);
        return slash >= 0 && slash + 1 < repository.Length && repository[slash + 1] == Marker;
    }
}
