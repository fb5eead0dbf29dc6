namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>What can be wrong with GitHub.</summary>
public enum FakeFaultKind
{
    /// <summary>The connection breaks off without an answer.</summary>
    Down,

    /// <summary>502, with a page in HTML.</summary>
    BadGateway,

    /// <summary>200, with a page in HTML: a proxy's sign-in, or a unicorn.</summary>
    Html,

    /// <summary>No answer for a long time.</summary>
    Slow,

    /// <summary>403 with Retry-After: too much at once.</summary>
    SecondaryLimit,

    /// <summary>200, and JSON that is cut off.</summary>
    CutJson,

    /// <summary>200, and JSON that stops coming.</summary>
    Stalled,
}
