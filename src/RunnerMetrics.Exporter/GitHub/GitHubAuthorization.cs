using System.Net.Http.Headers;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>A header that says who asks, and whose limits that uses.</summary>
internal sealed record GitHubAuthorization(AuthenticationHeaderValue Header, RateBudget Budget);
