using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using RunnerMetrics.Exporter.Configuration;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>A GitHub App: its own JSON web token, and the tokens of its installation, which are good for an hour. Asks by GitHub's clock where this machine's is off.</summary>
internal sealed class AppCredential(GitHubOptions options, GitHubTransport transport, TimeProvider time, ILogger<AppCredential> logger) : IGitHubCredential, IDisposable
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan WorthSaying = TimeSpan.FromSeconds(30);

    private readonly AppKeyFile _key = new(options.AppKeyFile!, time, logger);
    private readonly RateBudget _appsBudget = new(options.RateShare / 100.0, time);
    private readonly SemaphoreSlim _renewing = new(1, 1);
    private (AuthenticationHeaderValue Header, DateTimeOffset Ends)? _token;
    private long? _installation = options.AppInstallation;
    private TimeSpan _ahead;

    public bool IsApp => true;

    public RateBudget Budget { get; } = new(options.RateShare / 100.0, time);

    /// <summary>The limits of what the App asks as itself.</summary>
    public RateBudget AppsBudget => _appsBudget;

    public IReadOnlyDictionary<string, string>? Permissions { get; private set; }

    /// <summary>How far GitHub's clock is ahead of this machine's, where that mattered.</summary>
    public TimeSpan ClockOffset => _ahead;

    private DateTimeOffset Now => time.GetUtcNow() + _ahead;

    public async Task<GitHubAnswer<GitHubAuthorization>> AuthorizeAsync(bool asApp, CancellationToken stop)
    {
        if (asApp)
        {
            return GitHubAnswer<GitHubAuthorization>.Of(new(AsApp(), _appsBudget));
        }

        await _renewing.WaitAsync(stop);
        try
        {
            if (_token is { } known && known.Ends - Now > RenewBefore)
            {
                return GitHubAnswer<GitHubAuthorization>.Of(new(known.Header, Budget));
            }

            return await RenewAsync(stop) is { } failure ? GitHubAnswer<GitHubAuthorization>.Failed(failure) : GitHubAnswer<GitHubAuthorization>.Of(new(_token!.Value.Header, Budget));
        }
        finally
        {
            _renewing.Release();
        }
    }

    public GitHubFailure? Refuse(AuthenticationHeaderValue refused, GitHubResponse response)
    {
        if (!AppJwt.Is(refused.Parameter))
        {
            // The installation's token ended early, or its permissions changed: another one is asked for, by whoever finds out first.
            _token = _token is { } token && ReferenceEquals(token.Header, refused) ? null : _token;
            return null;
        }

        // 'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued
        var message = MessageOf(response);
        if (message.Contains("('iat')", StringComparison.Ordinal) || message.Contains("('exp')", StringComparison.Ordinal))
        {
            return CorrectClock(response.Date);
        }

        return new GitHubFailure(
            GitHubFailureKind.Credential,
            message.Contains("'Issuer'", StringComparison.Ordinal) || response.Status == HttpStatusCode.NotFound
                ? $"GitHub knows no App '{options.AppId}': give --github-app-id the client id that stands under the App's settings, General"
                : $"GitHub does not accept the key in {options.AppKeyFile} for the App '{options.AppId}': make a private key under the App's settings, General, and put it there");
    }

    public void Dispose()
    {
        _key.Dispose();
        _renewing.Dispose();
    }

    private AuthenticationHeaderValue AsApp() => new("Bearer", _key.CreateJwt(options.AppId!, Now));

    private GitHubFailure? CorrectClock(DateTimeOffset? date)
    {
        if (date - time.GetUtcNow() is not { } offset)
        {
            return new GitHubFailure(GitHubFailureKind.Credential, "GitHub does not accept the times in the App's token, and does not say what time it is: set this machine's clock");
        }

        // Somebody else may have found the same a moment before: whoever was refused tries again, once.
        var isNews = (offset - _ahead).Duration() > WorthSaying;
        _ahead = offset;
        if (isNews)
        {
            GitHubLog.ClockIsOff(logger, Math.Round(offset.Duration().TotalSeconds), offset > TimeSpan.Zero ? "behind" : "ahead of");
        }

        return null;
    }

    // At most twice: with the clock as it is, and as GitHub says that it should be.
    private async Task<GitHubFailure?> RenewAsync(CancellationToken stop)
    {
        for (var mayCorrect = true; ; mayCorrect = false)
        {
            var installation = await FindInstallationAsync(stop);
            if (!installation.IsGood)
            {
                return installation.Failure;
            }

            var header = AsApp();
            var path = string.Create(CultureInfo.InvariantCulture, $"/app/installations/{_installation}/access_tokens");
            var response = await transport.SendAsync(new GitHubRequest(HttpMethod.Post, path, header, _appsBudget), stop);
            if (response.Status == HttpStatusCode.Created && TryRead(response.Body) is { Token.Length: > 0 } made)
            {
                _token = (new AuthenticationHeaderValue("Bearer", made.Token), made.ExpiresAt);
                Permissions = made.Permissions;
                return null;
            }

            var failure = response.Failure ?? (response.Status == HttpStatusCode.Unauthorized ? Refuse(header, response) : TokenFailure(response));
            if (failure is not null || !mayCorrect)
            {
                return failure ?? new GitHubFailure(GitHubFailureKind.Credential, "GitHub does not accept the times in the App's token: set this machine's clock");
            }
        }
    }

    private GitHubFailure TokenFailure(GitHubResponse response) => response.Status switch
    {
        HttpStatusCode.Forbidden when MessageOf(response).Contains("suspended", StringComparison.Ordinal) => new(
            GitHubFailureKind.Credential, $"the installation {_installation} of the App '{options.AppId}' is suspended: an owner of the organisation can unsuspend it under its settings, GitHub Apps"),
        HttpStatusCode.NotFound => new(
            GitHubFailureKind.Credential, $"the App '{options.AppId}' has no installation {_installation}: leave out --github-app-installation, or give the number at the end of the installation's address"),
        _ => new(GitHubFailureKind.Unreadable, $"GitHub made no token for the installation {_installation}, and answers {(int)response.Status}"),
    };

    private async Task<GitHubAnswer<object>> FindInstallationAsync(CancellationToken stop)
    {
        if (_installation is not null)
        {
            return GitHubAnswer<object>.Of(_installation.Value);
        }

        for (var mayCorrect = true; ; mayCorrect = false)
        {
            var header = AsApp();
            var response = await transport.SendAsync(new GitHubRequest(HttpMethod.Get, "/app/installations?per_page=100", header, _appsBudget), stop);
            if (response.Failure is null && response.Status == HttpStatusCode.OK)
            {
                return Choose(GitHubJson.TryRead(response.Body, GitHubJson.Default.InstallationPartArray) ?? []);
            }

            var failure = response.Failure ?? Refuse(header, response);
            if (failure is not null || !mayCorrect)
            {
                return GitHubAnswer<object>.Failed(failure ?? new GitHubFailure(GitHubFailureKind.Credential, "GitHub does not accept the times in the App's token: set this machine's clock"));
            }
        }
    }

    private GitHubAnswer<object> Choose(InstallationPart[] all)
    {
        var named = all.Where(installation => options.Scopes.Count == 0 || options.Scopes.Any(scope => scope.Split('/')[0].Equals(installation.Account?.Login, StringComparison.OrdinalIgnoreCase))).ToArray();
        if (named is [var only])
        {
            _installation = only.Id;
            return GitHubAnswer<object>.Of(only);
        }

        var owners = string.Join(", ", all.Select(installation => $"{installation.Account?.Login} ({installation.Id.ToString(CultureInfo.InvariantCulture)})"));
        return GitHubAnswer<object>.Failed(new GitHubFailure(
            GitHubFailureKind.Credential,
            all.Length == 0 ? $"the App '{options.AppId}' is installed nowhere: install it in your organisation, under the App's settings, Install App"
            : named.Length == 0 ? $"the App '{options.AppId}' is installed in none of --github-scopes, but in {owners}"
            : $"the App '{options.AppId}' has several installations, {owners}: name one with --github-app-installation"));
    }

    private static TokenPart? TryRead(ReadOnlySequence<byte> body) => GitHubJson.TryRead(body, GitHubJson.Default.TokenPart);

    private static string MessageOf(GitHubResponse response) => GitHubJson.TryRead(response.Body, GitHubJson.Default.MessagePart)?.Message ?? "";
}
