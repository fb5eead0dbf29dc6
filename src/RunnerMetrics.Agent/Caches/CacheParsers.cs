namespace RunnerMetrics.Agent.Caches;

/// <summary>The tools whose output can be read.</summary>
internal static class CacheParsers
{
    public static IReadOnlyList<string> Types { get; } = ["buildkit", "npm", "apt"];

    /// <summary>A parser for a tool's output; null for an unknown tool.</summary>
    public static ICacheParser? Create(string? type) => type switch
    {
        "buildkit" => new BuildkitCacheParser(),
        "npm" => new NpmCacheParser(),
        "apt" => new AptCacheParser(),
        _ => null,
    };
}
