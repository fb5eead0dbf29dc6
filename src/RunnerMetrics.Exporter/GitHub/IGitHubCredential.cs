using System.Net.Http.Headers;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>As whom the exporter asks.</summary>
internal interface IGitHubCredential
{
    /// <summary>Whether it can ask as a GitHub App, and not only as an installation or a person.</summary>
    bool IsApp { get; }

    /// <summary>The limits of what it asks as itself, or with <see cref="IsApp"/> as its installation.</summary>
    RateBudget Budget { get; }

    /// <summary>Makes a request's header, and says whose limits it uses.</summary>
    /// <param name="asApp">As the App itself.</param>
    /// <param name="stop">Gives up.</param>
    Task<GitHubAnswer<GitHubAuthorization>> AuthorizeAsync(bool asApp, CancellationToken stop);

    /// <summary>Takes note that GitHub did not accept a header.</summary>
    /// <param name="refused">What was sent.</param>
    /// <param name="response">What was answered.</param>
    /// <returns>Null where another try can be made with another header; else why not.</returns>
    GitHubFailure? Refuse(AuthenticationHeaderValue refused, GitHubResponse response);

    /// <summary>What it may do, where GitHub said so: <c>organization_self_hosted_runners</c> = <c>read</c>; null where it does not say.</summary>
    IReadOnlyDictionary<string, string>? Permissions { get; }
}
