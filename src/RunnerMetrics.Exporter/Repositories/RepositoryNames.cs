using System.IO.Enumeration;
using System.Security.Cryptography;
using System.Text;
using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Exporter.Repositories;

/// <summary>
/// Decides which repositories' names are kept: <c>acme/*,!acme/secret-*,#acme/private-*</c> keeps the names of acme's repositories, none of its secret ones, and a hash of the private ones' names. An
/// exclusion counts more than a hash, and that more than an inclusion, in any order they stand; where something is included, all else is excluded.
/// </summary>
/// <param name="patterns">The entries, <c>*</c> and <c>?</c> in them; none keeps every name.</param>
internal sealed class RepositoryNames(IReadOnlyList<string> patterns)
{
    private const char Exclude = '!';
    private const char Hash = '#';
    private const string HashedPrefix = "hashed-";
    private const int HashDigits = 12;

    private readonly string[] _excluded = [.. patterns.Where(pattern => pattern[0] == Exclude).Select(pattern => pattern[1..])];
    private readonly string[] _hashed = [.. patterns.Where(pattern => pattern[0] == Hash).Select(pattern => pattern[1..])];
    private readonly string[] _included = [.. patterns.Where(pattern => pattern[0] is not (Exclude or Hash))];

    /// <summary>Whether every name is kept.</summary>
    public bool KeepsAll => patterns.Count == 0;

    /// <summary>What is wrong with an entry, or null.</summary>
    public static string? ProblemOf(string pattern) =>
        pattern.TrimStart(Exclude, Hash) is var name && pattern.Length - name.Length <= 1 && (name == "*" || name.Split('/') is [{ Length: > 0 }, { Length: > 0 }])
            ? null
            : "give owner/name with * and ? in it, such as acme/*; !acme/secret-* leaves names out, #acme/private-* keeps a hash of them";

    /// <summary>The name that a repository has here.</summary>
    public RepositoryName NameOf(RepositoryName repository)
    {
        if (KeepsAll || repository.ToString().Split('/') is not [var owner, var name] || repository.IsExcluded || name.StartsWith(HashedPrefix, StringComparison.Ordinal))
        {
            return repository;
        }

        return Matches(_excluded, repository) ? Excluded()
            : Matches(_hashed, repository) ? RepositoryName.Kept($"{owner}/{HashedPrefix}{HashOf(repository)}")
            : _included.Length == 0 || Matches(_included, repository) ? repository
            : Excluded();

        RepositoryName Excluded() => RepositoryName.Kept($"{owner}/{RepositoryName.ExcludedMarker}{HashOf(repository)}");
    }

    /// <summary>The name that the scope of a runner has here: <c>github.com/acme</c>, or a repository's, <c>github.com/acme/shop</c>.</summary>
    public string ScopeOf(string scope) =>
        !KeepsAll && scope.Split('/') is [var host, var owner, var name] && owner != "enterprises" ? $"{host}/{NameOf(RepositoryName.Kept($"{owner}/{name}"))}" : scope;

    private static bool Matches(string[] patterns, string repository) =>
        Array.Exists(patterns, pattern => FileSystemName.MatchesSimpleExpression(pattern, repository, ignoreCase: true));

    private static string HashOf(RepositoryName repository) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(repository.Lower)))[..HashDigits];
}
