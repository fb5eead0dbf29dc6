using System.Net.Http.Headers;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>An answer that is kept: asked for again with its tag, it costs nothing while it is still so.</summary>
/// <param name="Tag">Its ETag.</param>
/// <param name="Value">What it said.</param>
/// <param name="Next">The path of the next page.</param>
/// <param name="Bytes">How long it was: about as much memory as it takes.</param>
internal sealed record KnownAnswer(EntityTagHeaderValue Tag, object Value, string? Next, int Bytes);
