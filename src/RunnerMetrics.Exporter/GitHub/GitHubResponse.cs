using System.Buffers;
using System.Net;
using System.Net.Http.Headers;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>What came back: an answer of the API's, whatever its status; or why there is none.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The JSON, not parsed.</param>
/// <param name="Failure">Why there is no answer that can be used.</param>
internal sealed record GitHubResponse(HttpStatusCode Status, ReadOnlySequence<byte> Body, GitHubFailure? Failure = null)
{
    public EntityTagHeaderValue? Tag { get; init; }

    /// <summary>The path of the next page.</summary>
    public string? Next { get; init; }

    /// <summary>GitHub's time when it answered.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>With 403: the permission that would have been needed, <c>organization_self_hosted_runners=read</c>.</summary>
    public string? NeededPermission { get; init; }
}
