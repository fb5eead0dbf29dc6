using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Serialization.Metadata;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>Asks GitHub's REST API: as whom, with what is known already, page after page; and says in one line why there is no answer.</summary>
internal sealed class GitHubClient(GitHubTransport transport, IGitHubCredential credential)
{
    private const int MostPages = 1_000;

    private readonly KnownAnswers _known = new();

    /// <summary>As whom it asks.</summary>
    public IGitHubCredential Credential => credential;

    /// <summary>Asks for something.</summary>
    /// <param name="path">From the API's root on.</param>
    /// <param name="type">What it is.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="asApp">Whether the App itself asks.</param>
    /// <param name="part">How much of the share of the rate limit it may use.</param>
    public Task<GitHubAnswer<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken stop, bool asApp = false, double part = 1)
        where T : class => GetAsync(path, type, answer => answer, asApp, part, stop);

    /// <summary>Asks for something, of which less is kept than was answered.</summary>
    private async Task<GitHubAnswer<TKept>> GetAsync<T, TKept>(string path, JsonTypeInfo<T> type, Func<T, TKept> keep, bool asApp, double part, CancellationToken stop)
        where T : class
        where TKept : class
    {
        var known = _known.Find(path) is { Value: TKept } kept ? kept : null;
        var response = await SendAsync(HttpMethod.Get, path, asApp, known?.Tag, part, stop);
        if (response.Failure is { } failure)
        {
            return GitHubAnswer<TKept>.Failed(failure);
        }

        if (response.Status == HttpStatusCode.NotModified && known is not null)
        {
            return new GitHubAnswer<TKept>((TKept)known.Value, null) { Next = known.Next, IsUnchanged = true };
        }

        if (response.Status != HttpStatusCode.OK)
        {
            return GitHubAnswer<TKept>.Failed(FailureOf(path, response));
        }

        if (GitHubJson.TryRead(response.Body, type) is not { } read)
        {
            return GitHubAnswer<TKept>.Failed(new GitHubFailure(GitHubFailureKind.Unreadable, $"GitHub's answer to {PathOnly(path)} is no JSON that can be used"));
        }

        var value = keep(read);

        // A page of deliveries is another one each time it is looked at.
        if (response.Tag is { } tag && !path.Contains("/deliveries", StringComparison.Ordinal))
        {
            _known.Keep(path, new KnownAnswer(tag, value, response.Next, (int)response.Body.Length));
        }

        return new GitHubAnswer<TKept>(value, null) { Next = response.Next };
    }

    /// <summary>Asks for a list, all pages of it, until one is enough.</summary>
    /// <param name="path">From the API's root on.</param>
    /// <param name="type">What a page is.</param>
    /// <param name="take">Takes a page; false where no further one is needed.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="asApp">Whether the App itself asks.</param>
    /// <param name="part">How much of the share of the rate limit it may use.</param>
    /// <returns>Why it did not come to the end, or null.</returns>
    public Task<GitHubFailure?> GetPagesAsync<T>(string path, JsonTypeInfo<T> type, Func<T, bool> take, CancellationToken stop, bool asApp = false, double part = 1)
        where T : class => GetPagesAsync(path, type, page => page, take, stop, asApp, part);

    /// <summary>The same, where of each page less is kept than was answered.</summary>
    /// <param name="path">From the API's root on.</param>
    /// <param name="type">What a page is.</param>
    /// <param name="keep">What is kept of one.</param>
    /// <param name="take">Takes that; false where no further page is needed.</param>
    /// <param name="stop">Gives up.</param>
    /// <param name="asApp">Whether the App itself asks.</param>
    /// <param name="part">How much of the share of the rate limit it may use.</param>
    /// <returns>Why it did not come to the end, or null.</returns>
    public async Task<GitHubFailure?> GetPagesAsync<T, TKept>(
        string path, JsonTypeInfo<T> type, Func<T, TKept> keep, Func<TKept, bool> take, CancellationToken stop, bool asApp = false, double part = 1)
        where T : class
        where TKept : class
    {
        var next = path;
        for (var page = 0; next is not null && page < MostPages; page++)
        {
            var answer = await GetAsync(next, type, keep, asApp, part, stop);
            if (!answer.IsGood)
            {
                return answer.Failure;
            }

            next = take(answer.Value) ? answer.Next : null;
        }

        return null;
    }

    /// <summary>Asks for something to be done.</summary>
    /// <returns>Why it was not taken, or null.</returns>
    public async Task<GitHubFailure?> PostAsync(string path, CancellationToken stop, bool asApp = false)
    {
        var response = await SendAsync(HttpMethod.Post, path, asApp, null, 1, stop);
        return response.Failure ?? ((int)response.Status is >= 200 and < 300 ? null : FailureOf(path, response));
    }

    // A second time where the first try found that another header is needed: a token that ended early, a clock that is off.
    private async Task<GitHubResponse> SendAsync(HttpMethod method, string path, bool asApp, EntityTagHeaderValue? tag, double part, CancellationToken stop)
    {
        for (var mayRepeat = true; ; mayRepeat = false)
        {
            var authorization = await credential.AuthorizeAsync(asApp, stop);
            if (!authorization.IsGood)
            {
                return new GitHubResponse(0, default, authorization.Failure);
            }

            var (header, budget) = authorization.Value;
            var response = await transport.SendAsync(new GitHubRequest(method, path, header, budget) { KnownAs = tag }, stop, part);
            if (response.Failure is not null || response.Status != HttpStatusCode.Unauthorized)
            {
                return response;
            }

            var refusal = credential.Refuse(header, response);
            if (refusal is not null || !mayRepeat)
            {
                return response with { Failure = refusal ?? new GitHubFailure(GitHubFailureKind.Credential, "GitHub does not accept the credential that it has just given") };
            }
        }
    }

    private static GitHubFailure FailureOf(string path, GitHubResponse response) => response.Status switch
    {
        HttpStatusCode.Forbidden => new GitHubFailure(
            GitHubFailureKind.Permission,
            response.NeededPermission is { } needed ? $"{PathOnly(path)} needs the permission {needed}, which the credential does not have"
            : $"the credential may not ask for {PathOnly(path)}: {MessageOf(response)}"),
        HttpStatusCode.NotFound or HttpStatusCode.Gone => new GitHubFailure(GitHubFailureKind.NotFound, $"there is no {PathOnly(path)}, or the credential may not see it"),
        HttpStatusCode.Moved or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect => new GitHubFailure(
            GitHubFailureKind.NotFound, $"{PathOnly(path)} was renamed: give --github-scopes its name of today"),
        _ => new GitHubFailure((int)response.Status is >= 400 and < 500 ? GitHubFailureKind.Rejected : GitHubFailureKind.Unreadable, $"GitHub answers {(int)response.Status} to {PathOnly(path)}: {MessageOf(response)}"),
    };

    private static string MessageOf(GitHubResponse response) => GitHubJson.TryRead(response.Body, GitHubJson.Default.MessagePart)?.Message ?? "without a reason";

    private static string PathOnly(string path) => path.Split('?')[0];
}
