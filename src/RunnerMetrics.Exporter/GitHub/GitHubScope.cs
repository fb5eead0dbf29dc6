namespace RunnerMetrics.Exporter.GitHub;

/// <summary>What is asked for: an organisation, or one repository.</summary>
/// <param name="Host">The server's host: <c>github.com</c>.</param>
/// <param name="Owner">The organisation, or the repository's owner.</param>
/// <param name="Repository">The repository's name; null for all of an organisation's.</param>
internal sealed record GitHubScope(string Host, string Owner, string? Repository)
{
    /// <summary>The scope as runners name it: <c>github.com/acme</c>.</summary>
    public string Name { get; } = (Repository is null ? $"{Host}/{Owner}" : $"{Host}/{Owner}/{Repository}").ToLowerInvariant();

    /// <summary>Where it is in the API: <c>/orgs/acme</c>, <c>/repos/acme/shop</c>.</summary>
    public string Path { get; } = Repository is null ? $"/orgs/{Uri.EscapeDataString(Owner)}" : $"/repos/{Uri.EscapeDataString(Owner)}/{Uri.EscapeDataString(Repository)}";
}
