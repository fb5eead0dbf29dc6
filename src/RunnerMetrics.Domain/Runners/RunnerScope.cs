using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Domain.Runners;

/// <summary>Where runners are registered: <c>github.com/acme/shop</c>, <c>github.com/acme</c>, <c>github.com/enterprises/acme-group</c>.</summary>
internal static class RunnerScope
{
    /// <summary>The scope of a repository's owner, for a runner of which nothing more is known.</summary>
    public static string OfOwner(string host, RepositoryName repository) =>
        $"{host}/{repository.Owner.ToLowerInvariant()}";

    /// <summary>How closely a scope fits a repository: how many of server, owner and repository it names; null if it is another one's.</summary>
    public static int? FitOf(string scope, string host, RepositoryName repository)
    {
        if (scope.Length == 0)
        {
            return 0; // it may be anybody's
        }

        // Who belongs to an enterprise a job does not say.
        return scope.StartsWith($"{host}/enterprises/", StringComparison.Ordinal) || scope == host ? 1
            : scope == OfOwner(host, repository) ? 2
            : scope == $"{host}/{repository.Lower}" ? 3
            : null;
    }
}
