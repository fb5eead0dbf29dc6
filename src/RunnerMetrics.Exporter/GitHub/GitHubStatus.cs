namespace RunnerMetrics.Exporter.GitHub;

/// <summary>How each feature's last round went, for people.</summary>
internal sealed class GitHubStatus
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (GitHubFailure? Failure, DateTimeOffset Since)> _features = new(StringComparer.Ordinal);

    /// <summary>Each feature, why it fails or null, and since when that is so.</summary>
    public IReadOnlyList<(string Feature, GitHubFailure? Failure, DateTimeOffset Since)> Features
    {
        get
        {
            lock (_gate)
            {
                return [.. _features.Select(feature => (feature.Key, feature.Value.Failure, feature.Value.Since))];
            }
        }
    }

    /// <summary>Takes note of a round.</summary>
    /// <returns>Whether it went otherwise than the one before; the first good one did not.</returns>
    public bool Note(string feature, GitHubFailure? failure, DateTimeOffset at)
    {
        lock (_gate)
        {
            var isKnown = _features.TryGetValue(feature, out var before);
            var isOther = isKnown ? before.Failure?.Kind != failure?.Kind : failure is not null;
            _features[feature] = (failure, isOther || !isKnown ? at : before.Since);
            return isOther;
        }
    }
}
