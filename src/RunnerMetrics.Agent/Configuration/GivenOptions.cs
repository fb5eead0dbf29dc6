using RunnerMetrics.Hosting.Logging;

namespace RunnerMetrics.Agent.Configuration;

/// <summary>The options as they were given, before anybody looked at them together.</summary>
internal sealed record GivenOptions
{
    /// <summary>What is wrong with single options; their defaults stand in for them.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    public string? Diag { get; init; }

    /// <summary>Why no _diag folder was found where none was given.</summary>
    public string? DiagProblem { get; init; }

    public string? Spool { get; init; }

    public string? Adopt { get; init; }

    public string? RunnerName { get; init; }

    public string? RunnerType { get; init; }

    public string? Collector { get; init; }

    /// <summary>The collector that this process brings itself; null where another one is reported to.</summary>
    public Uri? OwnCollector { get; init; }

    public string? TokenFile { get; init; }

    public string? Hooks { get; init; }

    public long SpoolMaxBytes { get; init; }

    public TimeSpan SpoolMaxAge { get; init; }

    public TimeSpan FlushTimeout { get; init; }

    public bool Once { get; init; }

    public LogOptions Log { get; init; } = new();
}
