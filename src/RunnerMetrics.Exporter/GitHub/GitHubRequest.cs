using System.Net.Http.Headers;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>One request of the REST API.</summary>
/// <param name="Method">GET, or POST.</param>
/// <param name="Path">From the API's root on: <c>/orgs/acme/actions/runners?per_page=100</c>.</param>
/// <param name="Authorization">By whom.</param>
/// <param name="Budget">Whose limits it uses.</param>
internal sealed record GitHubRequest(HttpMethod Method, string Path, AuthenticationHeaderValue Authorization, RateBudget Budget)
{
    /// <summary>What is known already: the answer is 304 where it is still so.</summary>
    public EntityTagHeaderValue? KnownAs { get; init; }
}
