namespace RunnerMetrics.Exporter.GitHub;

/// <summary>Why GitHub did not give what it was asked for.</summary>
internal enum GitHubFailureKind
{
    /// <summary>It does not accept the key, the App or the token.</summary>
    Credential,

    /// <summary>A permission is missing.</summary>
    Permission,

    /// <summary>There is no such thing, or none that may be seen.</summary>
    NotFound,

    /// <summary>It refuses this request, and would refuse it again: 400, 422.</summary>
    Rejected,

    /// <summary>The rate limit, or the share of it that may be used, is used up; or it was too much at once.</summary>
    Limited,

    /// <summary>No answer, or one that says that it is down.</summary>
    Unavailable,

    /// <summary>An answer that is none of the API's: a page, or JSON that is cut off.</summary>
    Unreadable,

    /// <summary>A mistake of the exporter's: its log has more.</summary>
    Unexpected,
}
