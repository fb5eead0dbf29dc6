using System.Net.Http.Headers;
using System.Text;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Secrets;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>A personal access token, the first of its file. The file is read again when it changes.</summary>
internal sealed class TokenCredential(GitHubOptions options, TimeProvider time, ILogger<TokenCredential> logger) : IGitHubCredential
{
    private readonly SecretFile _tokens = new(options.TokenFile!, "token", token => token, SecretFile.ProblemOfHeaderValue, time, logger);

    public bool IsApp => false;

    public RateBudget Budget { get; } = new(options.RateShare / 100.0, time);

    public IReadOnlyDictionary<string, string>? Permissions => null;

    public Task<GitHubAnswer<GitHubAuthorization>> AuthorizeAsync(bool asApp, CancellationToken stop) => Task.FromResult(
        asApp ? Failed(GitHubFailureKind.Permission, "only a GitHub App may ask for this: give --github-app-id and --github-app-key-file")
        : _tokens.Current() is [var token, ..] ? GitHubAnswer<GitHubAuthorization>.Of(new(new AuthenticationHeaderValue("Bearer", Encoding.UTF8.GetString(token)), Budget))
        : Failed(GitHubFailureKind.Credential, $"--github-token-file {options.TokenFile} holds no token: write one into it"));

    public GitHubFailure? Refuse(AuthenticationHeaderValue refused, GitHubResponse response) => new(
        GitHubFailureKind.Credential, $"GitHub does not accept the token in {options.TokenFile}: it has ended, or was revoked; write a new one into the file");

    private static GitHubAnswer<GitHubAuthorization> Failed(GitHubFailureKind kind, string text) => GitHubAnswer<GitHubAuthorization>.Failed(new GitHubFailure(kind, text));
}
