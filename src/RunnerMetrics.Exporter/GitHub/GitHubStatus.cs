namespace RunnerMetrics.Exporter.GitHub;

/// <summary>How each feature's last round went, for people.</summary>
internal sealed class GitHubStatus
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FeatureStatus> _features = new(StringComparer.Ordinal);

    /// <summary>How a feature's last round went; null before one has ended.</summary>
    public FeatureStatus? Of(string feature)
    {
        lock (_gate)
        {
            return _features.GetValueOrDefault(feature);
        }
    }

    /// <summary>Takes note of a round.</summary>
    /// <returns>Whether it went otherwise than the one before; the first good one did not.</returns>
    public bool Note(string feature, GitHubFailure? failure, DateTimeOffset at)
    {
        lock (_gate)
        {
            var before = _features.GetValueOrDefault(feature);
            var isOther = before is null ? failure is not null : before.Failure?.Kind != failure?.Kind;
            _features[feature] = new FeatureStatus(failure, isOther || before is null ? at : before.Since, failure is null ? at : before?.LastSuccess);
            return isOther;
        }
    }
}
