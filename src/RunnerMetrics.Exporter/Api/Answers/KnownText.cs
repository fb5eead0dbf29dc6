using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>Texts of answers.</summary>
internal static class KnownText
{
    /// <summary>What is empty is not known, and so absent.</summary>
    public static string? OrNull(string text) => text.Length == 0 ? null : text;

    /// <summary>The name of a repository, where it may appear.</summary>
    public static string? RepositoryOrNull(string repository) => RepositoryName.Kept(repository) is { IsKnown: true, IsExcluded: false } ? repository : null;
}
