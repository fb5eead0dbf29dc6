using System.Globalization;
using System.Text.RegularExpressions;

namespace RunnerMetrics.Exporter.Api;

/// <summary>GitHub's pages. A sender may name any server and any repository: what could be something else than a page of a repository's is no link.</summary>
internal static partial class GitHubLinks
{
    /// <summary>The page of a workflow run; null where it is not known.</summary>
    /// <param name="host">Such as <c>github.com</c>.</param>
    /// <param name="repository"><c>owner/name</c>.</param>
    /// <param name="runId">The run; 0 where it is not known.</param>
    /// <param name="attempt">Its attempt; 0 where it is not known.</param>
    public static string? RunOf(string host, string repository, long runId, int attempt) =>
        runId <= 0 || !IsRepository(host, repository) ? null
        : attempt <= 0 ? string.Create(CultureInfo.InvariantCulture, $"https://{host}/{repository}/actions/runs/{runId}")
        : string.Create(CultureInfo.InvariantCulture, $"https://{host}/{repository}/actions/runs/{runId}/attempts/{attempt}");

    /// <summary>The page of a repository; null where it is not known.</summary>
    public static string? RepositoryOf(string host, string repository) => IsRepository(host, repository) ? $"https://{host}/{repository}" : null;

    /// <summary>The page of a commit; null where it is not known.</summary>
    public static string? CommitOf(string host, string repository, string sha) =>
        Sha().IsMatch(sha) && IsRepository(host, repository) ? $"https://{host}/{repository}/commit/{sha}" : null;

    private static bool IsRepository(string host, string repository) => Host().IsMatch(host) && Repository().IsMatch(repository);

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Host();

    // GitHub's own rules: https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/iam-configuration-reference/username-considerations-for-external-authentication
    [GeneratedRegex(@"^[A-Za-z0-9_-]+/(?!\.{1,2}\z|hashed-)[A-Za-z0-9._-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Repository();

    [GeneratedRegex(@"^[0-9a-f]{7,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Sha();
}
