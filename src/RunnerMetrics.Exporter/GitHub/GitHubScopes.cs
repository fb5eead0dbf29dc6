using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter.Configuration;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>Finds out what is asked for: what was named, else what the App is installed in.</summary>
internal sealed class GitHubScopes(GitHubClient client, ExporterOptions options)
{
    private IReadOnlyList<GitHubScope>? _found;

    /// <summary>The server as webhooks name it: <c>https://github.com</c>.</summary>
    public string Server { get; } = options.GitHub.Server.GetLeftPart(UriPartial.Authority);

    public string Host => GitHubServer.HostOf(Server);

    /// <summary>What is asked for.</summary>
    public async Task<GitHubAnswer<IReadOnlyList<GitHubScope>>> FindAsync(CancellationToken stop)
    {
        if (options.GitHub.Scopes is { Count: > 0 } named)
        {
            _found ??= [.. named.Select(scope => scope.Split('/')).Select(parts => new GitHubScope(Host, parts[0], parts.ElementAtOrDefault(1)))];
        }

        if (_found is not null)
        {
            return GitHubAnswer<IReadOnlyList<GitHubScope>>.Of(_found);
        }

        var installations = await client.GetAsync("/app/installations?per_page=100", GitHubJson.Default.InstallationPartArray, stop, asApp: true);
        if (!installations.IsGood)
        {
            return GitHubAnswer<IReadOnlyList<GitHubScope>>.Failed(installations.Failure);
        }

        var own = installations.Value.Where(installation => options.GitHub.AppInstallation is null || installation.Id == options.GitHub.AppInstallation).ToArray();
        if (own is not [{ Account.Login: { Length: > 0 } login } installation])
        {
            return Failed("the App has no installation, or several: name one with --github-app-installation");
        }

        if (installation.TargetType == "User")
        {
            return Failed($"the App is installed in the account of {login}, who has no runners but those of repositories: name these with --github-scopes {login}/REPOSITORY");
        }

        _found = [new GitHubScope(Host, login, null)];
        return GitHubAnswer<IReadOnlyList<GitHubScope>>.Of(_found);
    }

    private static GitHubAnswer<IReadOnlyList<GitHubScope>> Failed(string text) =>
        GitHubAnswer<IReadOnlyList<GitHubScope>>.Failed(new GitHubFailure(GitHubFailureKind.Credential, text));
}
