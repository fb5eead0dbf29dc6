using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Telemetry;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>Sends requests, keeps to the limits, and says in one line why there was no answer.</summary>
internal sealed class GitHubTransport(IHttpClientFactory clients, ExporterOptions options, GitHubMetrics metrics, GitHubClock clock, TimeProvider time)
{
    /// <summary>The name of the client that <c>IHttpClientFactory</c> makes.</summary>
    public const string Client = "github";

    /// <summary>The API's versions (docs.github.com, "API Versions"): that of github.com, and the one that every Enterprise Server knows; they refuse what they do not know with 400.</summary>
    private const string Version = "2026-03-10", EnterpriseVersion = "2022-11-28";

    private static readonly ProductInfoHeaderValue Product = new("RunnerMetrics", BuildVersion.Text);

    private readonly Uri _api = options.GitHub.ApiUrl;
    private readonly string _version = GitHubServer.IsEnterprise(options.GitHub.Server.OriginalString) ? EnterpriseVersion : Version;

    /// <summary>How long an answer may take behind its headers, which have a limit of their own; by the network's time, which is real.</summary>
    internal TimeSpan BodyPatience { get; set; } = TimeSpan.FromSeconds(30);

    public async Task<GitHubResponse> SendAsync(GitHubRequest request, CancellationToken stop, double part = 1)
    {
        while (request.Budget.TakePoints(request.Method == HttpMethod.Get ? 1 : 5) is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, stop);
        }

        if (request.Budget.Refuse(part) is { } limited)
        {
            metrics.CountRequest(GitHubFailureKind.Limited);
            return new GitHubResponse(0, default, limited);
        }

        try
        {
            var response = await ReadAsync(request, stop);
            metrics.CountRequest(response.Failure?.Kind, response.Status);
            return response;
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            if (e is not (HttpRequestException or IOException or OperationCanceledException or Polly.ExecutionRejectedException))
            {
                throw;
            }

            metrics.CountRequest(GitHubFailureKind.Unavailable);
            return new GitHubResponse(0, default, new GitHubFailure(GitHubFailureKind.Unavailable, $"GitHub does not answer at {_api.GetLeftPart(UriPartial.Authority)}: {ReasonOf(e)}"));
        }
    }

    private static string ReasonOf(Exception e) => e switch
    {
        // "The SSL connection could not be established, see inner exception."
        { InnerException: AuthenticationException { Message: var message } } =>
            $"{message.TrimEnd('.')}; where its certificate, or a proxy's, is of an authority that this machine does not know, name it in SSL_CERT_FILE",
        OperationCanceledException => "its answer did not come to an end",
        _ => e.Message.TrimEnd('.'),
    };

    private async Task<GitHubResponse> ReadAsync(GitHubRequest request, CancellationToken stop)
    {
        using var client = clients.CreateClient(Client);
        using var message = new HttpRequestMessage(request.Method, new Uri(_api.AbsoluteUri.TrimEnd('/') + request.Path));
        message.Headers.Authorization = request.Authorization;
        message.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/vnd.github+json"));
        message.Headers.Add("X-GitHub-Api-Version", _version);
        message.Headers.UserAgent.Add(Product);
        if (request.KnownAs is { } tag)
        {
            message.Headers.IfNoneMatch.Add(tag);
        }

        using var answer = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, stop);
        var status = answer.StatusCode;
        clock.Note(answer.Headers.Date);
        var limited = request.Budget.Note(status, answer.Headers);
        metrics.ShowLimits();
        using var patience = new CancellationTokenSource(BodyPatience, TimeProvider.System);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        var body = await AnswerBody.ReadAsync(answer.Content, end.Token);
        var type = answer.Content.Headers.ContentType?.MediaType ?? "";
        if (limited is null && status == HttpStatusCode.Forbidden && GitHubJson.TryRead(body, GitHubJson.Default.MessagePart)?.Message?.Contains("secondary rate limit", StringComparison.OrdinalIgnoreCase) == true)
        {
            limited = request.Budget.Pause();
        }

        var failure = limited
            ?? (status >= HttpStatusCode.InternalServerError ? new GitHubFailure(GitHubFailureKind.Unavailable, $"GitHub answers {(int)status}: it is down, or what stands before it is")
            : body.Length > 0 && !type.EndsWith("json", StringComparison.OrdinalIgnoreCase) ? new GitHubFailure(
                GitHubFailureKind.Unreadable, $"{_api.GetLeftPart(UriPartial.Authority)} answers {(int)status} with {(type.Length == 0 ? "no type" : type)}, not JSON: a proxy's page, or no API of GitHub's (--github-url)")
            : null);
        return new GitHubResponse(status, body, failure)
        {
            Tag = answer.Headers.ETag,
            Next = NextOf(answer.Headers),
            Date = answer.Headers.Date,
            NeededPermission = answer.Headers.TryGetValues("X-Accepted-GitHub-Permissions", out var needed) ? needed.First() : null,
        };
    }

    // <https://api.github.com/orgs/acme/actions/runners?per_page=100&page=2>; rel="next", <https://api.github.com/orgs/acme/actions/runners?per_page=100&page=3>; rel="last"
    private string? NextOf(HttpResponseHeaders headers)
    {
        if (!headers.TryGetValues("Link", out var links))
        {
            return null;
        }

        var next = links.SelectMany(link => link.Split(',')).FirstOrDefault(link => link.Contains("rel=\"next\"", StringComparison.Ordinal))?.Split('<', '>');
        if (next is not [_, var address, ..] || !Uri.TryCreate(address, UriKind.Absolute, out var url))
        {
            return null;
        }

        // The host is not taken over: a credential goes to the configured one alone.
        var root = _api.AbsolutePath.TrimEnd('/');
        return url.PathAndQuery.StartsWith(root, StringComparison.Ordinal) ? url.PathAndQuery[root.Length..] : url.PathAndQuery;
    }
}
